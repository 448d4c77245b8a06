/** The entry point for Node: the core is the addon. */
import { provideCore } from './core.js';
import { loadNativeCore } from './native_core.js';

provideCore(() => Promise.resolve(loadNativeCore()));

export * from './api.js';
