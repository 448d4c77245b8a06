/** Importing this makes the addon the core, and Node's file system the library's. */
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { provideCore, type LoadedCore } from './core.js';
import { provideNode } from './files.js';
import { loadNativeCore, nativeReport } from './native_core.js';

const nativeCore = (): LoadedCore => ({ binding: loadNativeCore(), report: nativeReport() });

provideCore(() => Promise.resolve().then(nativeCore), nativeCore);
provideNode({ files: { readFile, stat }, packages: { createRequire } });
