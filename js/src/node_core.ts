/** Importing this makes the addon the core, and Node's file system the library's. */
import { readFile, stat } from 'node:fs/promises';
import { provideCore } from './core.js';
import { provideFiles } from './files.js';
import { loadNativeCore } from './native_core.js';

provideCore(() => Promise.resolve(loadNativeCore()));
provideFiles({ readFile, stat });
