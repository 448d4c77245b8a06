/** Work in processes of its own, one at a time. */
import { fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const patience = 10 * 60_000;

/**
 * Lets an engine do one act of a scenario in a fresh process.
 *
 * @param {object} message see worker.mjs
 * @param {Record<string, string>} env
 * @returns {Promise<any>} what the act returned
 * @throws the engine's error, or one that says how the process died
 */
export function inWorker(message, env = {}) {
  return new Promise((resolve, reject) => {
    const child = fork(worker, [], {
      serialization: 'advanced',
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      timeout: patience,
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    let reply;
    child.on('message', (received) => (reply = received));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const who = `${message.engine} (${message.act})`;
      if (reply?.error) reject(new Error(`${who}: ${reply.error}`));
      else if (reply) resolve(reply.value);
      else reject(new Error(`${who} ended with ${signal ?? code} and no answer\n${output}`));
    });
    child.send(message);
  });
}

/**
 * Runs a program that prints one line of JSON when it has what it was started for, and times that.
 *
 * @param {string[]} args of Node
 * @returns {Promise<{ms: number, line: any}>} from just before the process is made to its line
 */
export function timeToLine(args) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patience,
    });
    let ms;
    let output = '';
    let errors = '';
    child.stdout.on('data', (data) => {
      output += data;
      if (ms === undefined && output.includes('\n')) ms = performance.now() - start;
    });
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', reject);
    child.on('close', (code) => {
      if (ms === undefined)
        reject(new Error(`${args.join(' ')} ended with ${code} and no line\n${errors}`));
      else resolve({ ms, line: JSON.parse(output.split('\n')[0]) });
    });
  });
}
