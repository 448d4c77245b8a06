/** Importing this makes the addon the core, and Node's file system the library's. */
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { provideCore } from './core.js';
import { provideNode } from './files.js';
import { loadNativeCore, nativeReport } from './native_core.js';

provideCore(() => {
  return Promise.resolve({ binding: loadNativeCore(), report: nativeReport() });
});
provideNode({ files: { readFile, stat }, packages: { createRequire } });
