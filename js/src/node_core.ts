/** Importing this makes the addon the core, and Node's file system the library's. */
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { provideCore } from './core.js';
import { provideNode } from './files.js';
import { loadNativeCore } from './native_core.js';
import { usableCores } from './usable_cores.js';

provideCore(() => {
  const { count, reason } = usableCores();
  const report = { build: 'addon', threads: count, reason } as const;
  return Promise.resolve({ binding: loadNativeCore(), report });
});
provideNode({ files: { readFile, stat }, packages: { createRequire } });
