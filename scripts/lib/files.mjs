/** The files of this repository, also where it is a plain folder: an unpacked archive has no git. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './act.mjs';

/** What is installed or made. */
const SKIPPED = ['.git', 'node_modules', 'build', 'dist'];

/**
 * @param {RegExp} pattern of the name
 * @returns {string[]} paths from the repository's root
 */
export function repositoryFiles(pattern, folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return SKIPPED.includes(entry.name) ? [] : repositoryFiles(pattern, path);
    return pattern.test(entry.name) ? [path] : [];
  });
}
