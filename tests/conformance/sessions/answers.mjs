/** What a library answers to the programs of a group. */
import { fork } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GROUPS, programsOf } from './groups.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..', '..', '..');
const twice = (path) => ({ import: join(root, path), require: join(root, path) });
const web = 'node_modules/onnxruntime-web/dist';

export const LIBRARIES = {
  'onnxruntime-node': twice('build/peers/onnxruntime-node/dist/index.js'),
  'onnxruntime-web': {
    import: join(root, web, 'ort.node.min.mjs'),
    require: join(root, web, 'ort.node.min.js'),
  },
  native: { import: join(root, 'dist/esm/node.js'), require: join(root, 'dist/cjs/node.js') },
  wasm: { import: join(root, 'dist/esm/browser.js'), require: join(root, 'dist/cjs/browser.js') },
};

/** @returns {Promise<Map<string, object>>} by `group › program`; a program that ended its process has no answer of its own */
export async function answersOf(library, place) {
  const all = new Map();
  for (const group of GROUPS.filter((each) => programsOf(each, place).length > 0)) {
    let from = 0;
    while (from !== undefined) from = await runFrom(from, { library, group, place }, all);
  }
  return all;
}

/** @returns {Promise<number | undefined>} the program to go on with, when one ended the process */
function runFrom(from, { library, group, place }, all) {
  const models = join(root, 'build', 'test-models');
  const given = { library: LIBRARIES[library], group, place, from, models };
  const child = fork(join(here, 'run.mjs'), [JSON.stringify(given)], {
    cwd: root,
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: 120_000,
  });
  let last;
  let ended = false;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-2000);
  });
  child.on('message', (message) => {
    if (message.ended) ended = true;
    else if (message.answer) all.set(`${group} › ${message.name}`, message.answer);
    else last = message;
  });
  return new Promise((done, fail) => {
    child.once('close', (code, signal) => {
      if (ended && code === 0) done(undefined);
      else if (ended)
        fail(new Error(`${library}, ${group}: ended with ${signal ?? code}: ${said}`));
      else if (!last) fail(new Error(`${library} can't be loaded: ${said}`));
      else {
        all.set(`${group} › ${last.name}`, { died: signal ?? code });
        done(last.begins + 1);
      }
    });
  });
}
