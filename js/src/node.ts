/** The entry point for Node: the core is the addon. */
import { readFile, stat } from 'node:fs/promises';
import { provideCore } from './core.js';
import { provideFiles } from './files.js';
import { loadNativeCore } from './native_core.js';

provideCore(() => Promise.resolve(loadNativeCore()));
provideFiles({ readFile, stat });

export * from './api.js';
