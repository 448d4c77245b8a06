/** Writing what the scripts make, and saying what was written. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** @param {Uint8Array} bytes @returns {string} hex */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** @param {string} path @returns {string | null} hex; null when there is no such file */
export const sha256OfFile = (path) => (existsSync(path) ? sha256(readFileSync(path)) : null);

/**
 * Leaves a file alone that already holds these bytes, so that watchers see no change.
 *
 * @param {string} path folders are made as needed
 * @param {Uint8Array | string | object} content an object is written as JSON
 * @returns {number} bytes
 */
export function writeOutput(path, content) {
  const isJson = typeof content === 'object' && !(content instanceof Uint8Array);
  const bytes = Buffer.from(isJson ? `${JSON.stringify(content, null, 2)}\n` : content);
  if (sha256OfFile(path) !== sha256(bytes)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return bytes.length;
}
