/** Lock files and .npmrc name packages, never the address they came from. Answers a list of faults. */
import { readFileSync } from 'node:fs';
import { at } from '../lib/act.mjs';
import { repositoryFiles } from '../lib/files.mjs';

/** @returns {string[]} */
export function checkLockFiles() {
  const faults = [];
  for (const file of repositoryFiles(/^package-lock\.json$|^\.npmrc$/)) {
    readFileSync(at(file), 'utf8')
      .split('\n')
      .forEach((line, index) => {
        const resolved = /"resolved":\s*"(https?:|git)/.test(line);
        const registry = /registry\s*=/.test(line);
        if (resolved || registry)
          faults.push(`${file}:${index + 1} holds an address: ${line.trim()}`);
      });
  }
  return faults;
}
