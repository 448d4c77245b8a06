/** The entry point for Node: the core is the addon. */
import { readFile, stat } from 'node:fs/promises';
import { provideCore } from './core.js';
import { provideFiles } from './files.js';
import { loadNativeCore } from './native_core.js';
import { NativeRuntime } from './native_runtime.js';
import { provideRuntime } from './runtime.js';

provideCore(() => Promise.resolve(loadNativeCore()));
provideFiles({ readFile, stat });
provideRuntime(new NativeRuntime(loadNativeCore));

export * from './api.js';
