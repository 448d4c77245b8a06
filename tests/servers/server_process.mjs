/** An example as its users would install and start it, in a process of its own. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../scripts/lib/act.mjs';
import { ensureNodeModules, unpackLibrary } from '../../scripts/lib/packages.mjs';

/** Below the servers' package, so that its node_modules are found, and then the root's: the addon, the default model. */
const BUILD = at('tests', 'servers', 'build');
/** Of anything that a server does: a machine may have other work. */
const PATIENCE_MS = 60_000;

/** A copy of an example with the library as npm would install it. */
export async function install(name) {
  await ensureNodeModules('tests/servers', 'Fastify and Next.js, which the examples run in');
  const folder = join(BUILD, name);
  const library = await unpackLibrary(folder);
  cpSync(at('examples', name), folder, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  cpSync(library, join(folder, 'node_modules', 'infercore'), { recursive: true });
  return folder;
}

/** The servers' own commands. */
export function command(name) {
  const path = at('tests', 'servers', 'node_modules', '.bin', name);
  if (!existsSync(path)) throw new Error(`expected ${path}, there is none`);
  return path;
}

export const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `work`, or an error that says what took too long, and what the server said. */
async function within(what, work, told) {
  let timer;
  const late = new Promise((_, reject) => {
    const fail = () => reject(new Error(`${what} took longer than ${PATIENCE_MS} ms\n${told()}`));
    timer = setTimeout(fail, PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** A server on a port of the system's choice, which it names in its output. */
export class Server {
  #told = '';

  /** Does not wait: see `listening()` and `exit`. */
  constructor(folder, args, env = {}) {
    this.child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'production', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exit = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve(code ?? signal));
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#told += text));
    }
  }

  get told() {
    return this.#told;
  }

  /** Settled when it is ready for requests. */
  async ready() {
    await this.listening();
    await this.until('/health/ready', ({ status }) => status === 200);
    return this;
  }

  async listening() {
    this.address = await within('listening', this.#findAddress(), () => this.#told);
  }

  async #findAddress() {
    for (;;) {
      const [, port] = /https?:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(this.#told) ?? [];
      if (port) return `http://127.0.0.1:${port}`;
      if (this.child.exitCode !== null) throw new Error(`the server ended:\n${this.#told}`);
      await after(20);
    }
  }

  /** Asks until the answer is as wanted. */
  async until(path, wanted) {
    const ask = async () => {
      for (;;) {
        const answer = await this.get(path);
        if (wanted(answer)) return answer;
        await after(20);
      }
    };
    return within(`waiting for ${path}`, ask(), () => this.#told);
  }

  async get(path) {
    return read(await fetch(this.address + path));
  }

  async post(path, body, signal) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { 'content-type': 'application/json' };
    return read(await fetch(this.address + path, { method: 'POST', headers, body: text, signal }));
  }

  signal(name) {
    this.child.kill(name);
  }

  /** What it ended with: a code, or the signal that killed it. */
  ended() {
    return within('the end of the server', this.exit, () => this.#told);
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.exit;
  }
}

async function read(response) {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}
