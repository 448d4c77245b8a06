/** The entry point for pages (and for Node without the addon): the WebAssembly module, and onnxruntime-web. */
import './browser_session.js';

export * from './api.js';
export { ort as default } from './default_export.js';
