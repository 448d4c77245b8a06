/** The entry point for pages (and for Node without the addon): the core is the WebAssembly module. */
import { coreBinding, provideCore } from './core.js';
import { provideRuntime } from './runtime.js';
import { loadWasmCore } from './wasm_core.js';
import { WebRuntime } from './web_runtime.js';

provideCore(loadWasmCore);
provideRuntime(new WebRuntime(coreBinding));

export * from './api.js';
