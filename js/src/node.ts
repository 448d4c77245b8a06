/** The entry point for Node: the core is the addon, which runs models with ONNX Runtime's library. */
import './node_core.js';
import { loadNativeCore } from './native_core.js';
import { NativeRuntime } from './native_runtime.js';
import { provideRuntime } from './runtime.js';

provideRuntime(new NativeRuntime(loadNativeCore));

export * from './api.js';
export { ort as default } from './default_export.js';
