import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the built folder works below any path.
  base: './',
  build: { target: 'es2022' },
  // onnxruntime-web stays a file of its own beside the worker's, from which it starts its threads.
  worker: { format: 'es' },
});
