/**
 * Files of a pinned npm package, without installing it.
 *
 *     const file = await fetchPackage({ name, version, integrity: 'sha512-…', files: ['dist'] });
 *     file('dist/index.js'); // Buffer
 *
 * They are fetched once, checked against the pin, and kept in build/cache.
 */
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { at, say } from '../../scripts/lib/act.mjs';
import { fromPackage } from '../../scripts/lib/packages.mjs';

/**
 * @param {{ name: string, version: string, integrity: string, files: string[], purpose: string }} pin
 *   files: files and folders of the package to keep; purpose: what they are for, said when fetching
 * @returns {Promise<(path: string) => Buffer>} throws where there is no such file
 */
export async function fetchPackage(pin) {
  const cache = at('build', 'cache');
  const folder = join(cache, `${pin.name.replace('@', '').replace('/', '-')}-${pin.version}`);
  if (!existsSync(folder)) {
    say(`${pin.name} ${pin.version}: ${pin.purpose}`);
    mkdirSync(cache, { recursive: true });
    // Renamed as the last step, so a folder that exists is whole and was checked.
    await fromPackage(pin, (unpacked) => renameSync(unpacked, folder));
  }
  return (path) => readFileSync(join(folder, path));
}
