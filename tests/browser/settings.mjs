/**
 * The settings in which the behaviour suite runs in Chromium. A new one is one entry here.
 *
 * @typedef {object} Setting
 * @property {string} name
 * @property {string} purpose
 * @property {boolean} isolated serve the page with the headers that threads need
 * @property {{wasm?: object, core?: object}} [env] settings of `env`, made before the first session
 * @property {Record<string, unknown>} [options] of every session and pipeline where a test gives no other
 * @property {string[]} [used] the providers that a session reports then; default: ['wasm']
 */

/** @type {Setting[]} */
export const SETTINGS = [
  {
    name: 'simd',
    purpose: 'one thread for the core and for the session',
    isolated: true,
    env: { wasm: { numThreads: 1 }, core: { numThreads: 1 } },
  },
  {
    name: 'threads',
    purpose: 'two threads for the core, one for the session',
    isolated: true,
    env: { wasm: { numThreads: 1 }, core: { numThreads: 2 } },
  },
  {
    name: 'wasm',
    purpose: 'sessions of onnxruntime-web on two threads',
    isolated: true,
    env: { wasm: { numThreads: 2 } },
  },
  {
    name: 'webgpu',
    purpose: 'sessions on WebGPU, drawn by SwiftShader',
    isolated: true,
    options: { executionProviders: ['webgpu', 'wasm'] },
    used: ['webgpu', 'wasm'],
  },
  {
    name: 'worker',
    purpose: 'sessions and pipelines in workers',
    isolated: true,
    env: { wasm: { numThreads: 1 } },
    options: { worker: true },
  },
  {
    name: 'not-isolated',
    purpose: 'a page without the headers that threads need',
    isolated: false,
  },
];
