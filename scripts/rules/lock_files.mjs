/** Lock files and .npmrc name packages, never the address they came from. Answers a list of faults. */
import { readFileSync } from 'node:fs';
import { at, run } from '../lib/act.mjs';

/** @returns {Promise<string[]>} */
export async function checkLockFiles() {
  const { output } = await run('git', ['ls-files', '*package-lock.json', '*.npmrc'], {
    capture: true,
  });
  const faults = [];
  for (const file of output.split('\n').filter(Boolean)) {
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
