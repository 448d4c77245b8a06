/**
 * Files of a pinned npm package, without installing it.
 *
 *     const file = fetchPackage({ name: 'left-pad', version: '1.3.0', integrity: 'sha512-…' }, cache);
 *     file('package.json'); // Uint8Array
 *
 * The tarball comes through `npm pack`, so the user's registry, proxy and credentials apply; it is
 * kept in `cache` and checked against the pin each time it is read.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const kBlock = 512;
const kRegularFile = 0x30;

/** @typedef {{ name: string, version: string, integrity: string }} Pin */

/**
 * @param {Pin} pin @param {string} cache a folder
 * @returns {(path: string) => Uint8Array} a file of the package; throws when it has none such
 */
export function fetchPackage(pin, cache) {
  const file = join(cache, `${pin.name.replace('@', '').replace('/', '-')}-${pin.version}.tgz`);
  if (!existsSync(file) || !matches(pin, readFileSync(file))) download(pin, cache);
  const tarball = readFileSync(file);
  if (!matches(pin, tarball)) {
    throw new Error(
      `${pin.name}@${pin.version}: expected ${pin.integrity}, got ${integrityOf(tarball)}; ` +
        `the registry gave other bytes than those that were reviewed`,
    );
  }
  const files = readTar(gunzipSync(tarball));
  return (path) => {
    const found = files.get(path);
    if (!found) throw new Error(`${pin.name}@${pin.version} has no file '${path}'`);
    return found;
  };
}

/** @param {Uint8Array} bytes */
const integrityOf = (bytes) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** @param {Pin} pin @param {Uint8Array} bytes */
const matches = (pin, bytes) => integrityOf(bytes) === pin.integrity;

/** @param {Pin} pin @param {string} cache */
function download({ name, version }, cache) {
  mkdirSync(cache, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['pack', `${name}@${version}`, '--silent', '--pack-destination', cache], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
}

/**
 * npm's tarballs hold plain ustar entries under one top folder, which is dropped here.
 *
 * @param {Buffer} tar @returns {Map<string, Uint8Array>}
 */
export function readTar(tar) {
  const files = new Map();
  for (let at = 0; at + kBlock <= tar.length && tar[at] !== 0;) {
    /** @param {number} from @param {number} length */
    const text = (from, length) =>
      tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = parseInt(text(124, 12), 8);
    const path = [text(345, 155), text(0, 100)].filter(Boolean).join('/');
    const start = at + kBlock;
    if (tar[at + 156] === kRegularFile) {
      files.set(path.slice(path.indexOf('/') + 1), tar.subarray(start, start + size));
    }
    at = start + Math.ceil(size / kBlock) * kBlock;
  }
  return files;
}
