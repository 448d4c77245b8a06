/** The entry point for Node: the core is the addon, which runs models with ONNX Runtime's library. */
import './node_session.js';

export * from './api.js';
export { ort as default } from './default_export.js';
