import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { usableCores } from '../usable_cores.js';
import type { Surroundings } from './surroundings.js';

/** The instruction sets that matter to matrix products, the widest first, by the kernel's names for them. */
const SIMD = [
  'amx_tile',
  'avx512_vnni',
  'avx512f',
  'avx_vnni',
  'avx2',
  'sse4_2',
  'sve',
  'asimddp',
  'asimd',
];

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export const nodeSurroundings: Surroundings = {
  machine: () => {
    const flags = new Set(
      /^(?:flags|Features)\s*:(.*)$/m.exec(textOf('/proc/cpuinfo'))?.[1]?.split(' '),
    );
    const all = cpus();
    return Promise.resolve({
      host: `Node ${process.versions.node}`,
      system: `${process.platform}-${process.arch}`,
      cpu: {
        model: all[0]?.model.trim() ?? 'unknown',
        cores: all.length,
        usable: usableCores().count,
        simd: SIMD.filter((name) => flags.has(name)),
      },
      memoryBytes: totalmem(),
    });
  },
  // Windows counts none, and says 0 always.
  load: () => (process.platform === 'win32' ? undefined : loadavg()[0]),
  memory: () => ({ bytes: process.memoryUsage.rss(), kind: 'rss' }),
  isolated: undefined,
  watchHidden: () => () => false,
  sha256: async (path) => {
    const hash = createHash('sha256');
    for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
    return hash.digest('hex');
  },
};
