/** The entry point for pages (and for Node without the addon): the core is the WebAssembly module. */
import { provideCore } from './core.js';
import { loadWasmCore } from './wasm_core.js';

provideCore(loadWasmCore);

export * from './api.js';
