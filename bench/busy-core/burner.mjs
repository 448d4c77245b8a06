/** Keeps one core busy until it is told to stop by a signal, its parent is gone, or its time is over. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Longer than any round; whatever happens, no burner is left behind. */
const atMostMs = 120_000;

/** @returns {() => void} ends it */
export function burnOneCore() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: 'ignore' });
  return () => child.kill('SIGKILL');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const parent = process.ppid;
  const end = Date.now() + atMostMs;
  while (Date.now() < end && process.ppid === parent);
}
