/**
 * What the acts of this repository (`npm run setup`, `build`, `test`, …) share: their options, their words on the
 * terminal, and the running of other programs. Only Node's own modules: acts run before any package is installed.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const at = (...parts) => join(root, ...parts);

/** Ends an act with a message for people and an exit code: 1 the work failed, 2 something is missing or misused. */
export class ActError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs an act: parses its options, prints `--help`, turns errors into exit codes.
 *
 * @param {{name: string, purpose: string, options?: Record<string, {type: 'string' | 'boolean', help: string, default?: string | boolean}>}} act
 * @param {(options: Record<string, any>) => Promise<void>} work
 */
export async function runAct({ name, purpose, options = {} }, work) {
  try {
    const spec = Object.fromEntries(
      Object.entries(options).map(([key, { type, default: value }]) => [
        key,
        value === undefined ? { type } : { type, default: value },
      ]),
    );
    const values = parse(name, { ...spec, help: { type: 'boolean' } });
    checkNode();
    if (values.help) {
      console.log(helpText(name, purpose, options));
      return;
    }
    await work(values);
  } catch (error) {
    if (!(error instanceof ActError)) throw error;
    console.error(`\n${name}: ${error.message}`);
    process.exitCode = error.exitCode;
  }
}

/** The tools of this repository need it; the library itself runs from 20.16 on. */
const NODE = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return;
  throw new ActError(
    `expected Node ${NODE.join('.')} or later, this is ${process.versions.node}; nodejs.org has it`,
    2,
  );
}

function parse(name, options) {
  try {
    return parseArgs({ options, strict: true }).values;
  } catch (error) {
    throw new ActError(`${error.message}\nSee npm run ${name} -- --help`, 2);
  }
}

function helpText(name, purpose, options) {
  const lines = Object.entries(options).map(([key, { type, help }]) => {
    const flag = `--${key}${type === 'string' ? ' VALUE' : ''}`;
    return `  ${flag.padEnd(20)} ${help}`;
  });
  const usage = `npm run ${name}${lines.length ? ' -- [options]' : ''}`;
  return [usage, '', purpose, ...(lines.length ? ['', ...lines] : [])].join('\n');
}

/** One line about what is done now, and why. */
export function say(line) {
  console.log(`• ${line}`);
}

/**
 * Runs a program in the repository's root and waits for it.
 *
 * @param {{cwd?: string, env?: Record<string, string>, capture?: boolean, allowFailure?: boolean}} [options]
 *   capture: keep the output instead of showing it (it is shown when the program fails)
 * @returns {Promise<{code: number, output: string}>}
 */
export function run(
  command,
  args,
  { cwd = root, env = {}, capture = false, allowFailure = false } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', (error) => reject(new ActError(`can't run ${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0 || allowFailure) return resolve({ code: code ?? 1, output });
      if (capture) process.stderr.write(output);
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      reject(new ActError(`${command} ${args.join(' ')} ${how}`));
    });
  });
}

/** The first line that a program prints, or undefined where it isn't there or fails. */
export async function probe(command, args = ['--version']) {
  try {
    const { code, output } = await run(command, args, { capture: true, allowFailure: true });
    return code === 0 ? output.split('\n')[0] : undefined;
  } catch {
    return undefined;
  }
}
