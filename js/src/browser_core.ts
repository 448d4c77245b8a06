/** Importing this makes the WebAssembly module the core. */
import { provideCore } from './core.js';
import { loadWasmCore } from './wasm_core.js';

provideCore(loadWasmCore);
