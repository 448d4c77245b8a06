/** The peers' packages, from bench/package.json. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { at, run, say } from '../../scripts/lib/act.mjs';

/** `npm ci` in bench/, unless its node_modules already holds what the lock file says. */
export async function ensurePeers() {
  const lock = createHash('sha256')
    .update(readFileSync(at('bench', 'package-lock.json')))
    .digest('hex');
  const stamp = at('bench', 'node_modules', '.infercore-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('npm ci in bench/: the libraries that are measured beside infercore (480 MB, none ships)');
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: at('bench'),
  });
  writeFileSync(stamp, lock);
}
