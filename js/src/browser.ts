/** The entry point for pages (and for Node without the addon): the WebAssembly module, and onnxruntime-web. */
import './browser_core.js';
import { coreBinding } from './core.js';
import { provideRuntime } from './runtime.js';
import { WebRuntime } from './web_runtime.js';

provideRuntime(new WebRuntime(coreBinding));

export * from './api.js';
