import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';
import { layout } from './layout.mjs';

const at = (name) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  root: at('.'),
  // Relative addresses: the folder works below any path.
  base: './',
  plugins: [layout()],
  resolve: {
    // onnxruntime-web's files are copied to ort/ and named by env.wasm.wasmPaths; no second copy in the bundle.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rollupOptions: {
      input: ['index', 'search', 'tokenizer', 'system'].map((name) => at(`${name}.html`)),
    },
  },
  worker: { format: 'es' },
});
