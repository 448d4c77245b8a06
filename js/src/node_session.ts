/** Importing this makes the addon what runs models. */
import './node_core.js';
import { loadNativeCore } from './native_core.js';
import { NativeRuntime } from './native_runtime.js';
import { provideRuntime } from './runtime.js';

provideRuntime(new NativeRuntime(loadNativeCore));
