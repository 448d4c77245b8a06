/** What a number depends on, kept beside it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { at, probe } from '../../scripts/lib/act.mjs';

const require = createRequire(import.meta.url);

export const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** @param {string} name @returns {string} the version of an installed package, without loading it */
export function versionOf(name) {
  const inBench = at('bench', 'node_modules', ...name.split('/'), 'package.json');
  const path = name === 'infercore' ? at('package.json') : inBench;
  return existsSync(path) ? require(path).version : 'not installed';
}

/** The processor's name, and its number where the name says little. */
function processor() {
  const [first] = cpus();
  const info = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const field = (name) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(info)?.[1];
  const flags = new Set(field('flags')?.split(' '));
  const simd = ['avx512f', 'avx512_vnni', 'avx2', 'sse4_2'].filter((flag) => flags.has(flag));
  return {
    model: first?.model.trim() ?? 'unknown',
    family: `${field('cpu family') ?? '?'}/${field('model') ?? '?'}`,
    cores: cpus().length,
    simd,
  };
}

/**
 * @param {{scenario: string, seed: number, options: object, models: Record<string, string>, packages: string[]}} what
 *   `models`: paths by name; their sums are kept
 */
export async function contextOf({ scenario, seed, options, models, packages }) {
  const commit = await probe('git', ['describe', '--always', '--dirty']);
  return {
    schema: 1,
    scenario,
    date: new Date().toISOString(),
    commit,
    versions: {
      node: process.versions.node,
      ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
    },
    system: `${process.platform}-${process.arch}`,
    processor: processor(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg()[0],
    models: Object.fromEntries(Object.entries(models).map(([name, path]) => [name, sha256(path)])),
    seed,
    options,
  };
}
