/** Programs in processes of their own, for what can only be seen from outside. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const ENTRY = TARGET === 'native' ? 'node.js' : 'browser.js';
/** The address of an entry as a literal, for `import … from ${LIBRARY}`. */
export const addressOf = (entry: string): string =>
  JSON.stringify(pathToFileURL(resolve('dist', 'esm', entry)).href);
export const LIBRARY = addressOf(ENTRY);

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
}

/** How a program ends that says `out`. */
export const ended = (out: string, code = 0): Ended => ({ code, signal: null, out });

/**
 * Runs an ES module. `env` is added to this process's; `limit` is what a shell says before it, `ulimit -v 8000000`. What takes
 * longer than a minute is killed: its signal is SIGKILL.
 */
export function runProgram(text: string, env: NodeJS.ProcessEnv = {}, limit = ':'): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(
      'sh',
      ['-c', `${limit}; exec "$0" "$@"`, process.execPath, '--input-type=module', '-e', text],
      { env: { ...process.env, ...env }, timeout: 60_000, killSignal: 'SIGKILL' },
      (_, stdout, stderr) => {
        done({ code: child.exitCode, signal: child.signalCode, out: stdout + stderr });
      },
    );
  });
}

/** For a program: answers of `count` worker threads that run the module `text` at once; each posts one. */
export const workers = (text: string, count: number): string => `
  import { Worker } from 'node:worker_threads';
  const answers = await Promise.all(Array.from({ length: ${count} }, () => new Promise((resolve, reject) => {
    const worker = new Worker(${JSON.stringify(text)}, { eval: true });
    worker.once('message', resolve);
    worker.once('error', reject);
  })));`;
