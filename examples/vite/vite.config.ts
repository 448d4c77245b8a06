import { defineConfig } from 'vite';

// Relative addresses: the built folder works below any path.
export default defineConfig({ base: './', build: { target: 'es2022' } });
