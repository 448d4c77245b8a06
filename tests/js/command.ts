/** The built command `infercore`, as the tests run it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';

export const CLI = join(process.cwd(), 'dist', 'esm', 'cli.js');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What Node counts colours by, a test says itself: Jest and services that build set some of it, too. */
export const PLAIN = {
  FORCE_COLOR: undefined,
  NO_COLOR: undefined,
  NODE_DISABLE_COLORS: undefined,
  CI: undefined,
  TEAMCITY_VERSION: undefined,
  TF_BUILD: undefined,
  TMUX: undefined,
  COLORTERM: undefined,
  TERM_PROGRAM: undefined,
};

/** The built command in a process of its own. Without `input`, standard input is empty. */
export function infercore(
  args: string[],
  input: string | Uint8Array = '',
  env: Record<string, string> = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { ...process.env, ...PLAIN, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Interrupts it at the first event that `when` waits for; nothing is timed. */
export async function interrupted(
  args: string[],
  when: (child: ChildProcessWithoutNullStreams) => Promise<unknown>,
) {
  const child = spawn(process.execPath, [CLI, ...args]);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  child.stdin.on('error', () => undefined);
  const ended = new Promise((resolve) => child.on('close', resolve));
  await when(child);
  child.kill('SIGINT');
  return { code: await ended, stderr };
}
