/** Sessions and the process around them: exit during a run, worker threads, a runtime that is not there. */
import { describe, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { model } from './models';
import { ended, ENTRY, LIBRARY, runProgram, workers } from './program';

/** What the programs here may use. */
const prelude = (library: string) => `
  import { InferenceSession, Tensor } from ${library};
  const create = (path) => InferenceSession.create(path);
  const loops = (n) => ({ iterations: new Tensor('int64', BigInt64Array.of(BigInt(n)), []) });
  const slow = ${JSON.stringify(resolve(model('slow')))};`;
const run = (program: string) => runProgram(prelude(LIBRARY) + program);

describe('the process ends', () => {
  test('by process.exit during runs', async () => {
    const end = await run(`
      const session = await create(slow);
      for (let i = 0; i < 8; i += 1) session.run(loops(${TARGET === 'native' ? 100_000_000 : 50})).catch(() => {});
      setTimeout(() => { console.log('leaving'); process.exit(7); }, 20);`);
    expect(end).toEqual(ended('leaving\n', 7));
  }, 60_000);

  test('by itself when the runs are done, without dispose', async () => {
    const end = await run(`
      const session = await create(slow);
      const { y } = await session.run(loops(3));
      console.log(y.dims.length);`);
    expect(end).toEqual(ended('0\n'));
  }, 60_000);

  test('and waits for a run that nobody awaits', async () => {
    const end = await run(`
      const session = await create(slow);
      session.run(loops(3)).then(() => console.log('done'));`);
    expect(end).toEqual(ended('done\n'));
  }, 60_000);

  // First the runtime's library is loaded, then it is initialised, then the model is loaded.
  test.each([0, 1, 2, 4, 8, 16, 32, 64])(
    'while a model loads, after %i ms',
    async (ms) => {
      const end = await run(`
        create(slow).catch(() => {});
        setTimeout(() => process.exit(3), ${ms});`);
      expect(end).toEqual(ended('', 3));
    },
    60_000,
  );
});

/** The beginning of a worker's program: an ES module too, since workers take over the arguments of their process. */
const WORKER = `
  import { parentPort } from 'node:worker_threads';
  import { InferenceSession, Tensor } from ${LIBRARY};`;

test('worker threads have sessions of their own', async () => {
  const text = `${WORKER}
    const session = await InferenceSession.create(${JSON.stringify(resolve(model('add')))});
    const x = new Tensor('float32', Float32Array.of(1, 2, 3, 4), [1, 4]);
    const { sum } = await session.run({ a: x, b: x });
    parentPort.postMessage([...sum.data]);`;
  const end = await run(`${workers(text, 2)} console.log(JSON.stringify(answers));`);
  const four = [2, 4, 6, 8];
  expect(end).toEqual(ended(`${JSON.stringify([four, four])}\n`));
}, 60_000);

test('a worker that is ended during a run leaves the process whole', async () => {
  const text = `${WORKER}
    const session = await InferenceSession.create(${JSON.stringify(resolve(model('slow')))});
    parentPort.postMessage('running');
    const n = BigInt(${TARGET === 'native' ? 100_000_000 : 500});
    await session.run({ iterations: new Tensor('int64', BigInt64Array.of(n), []) });`;
  const end = await run(`
    import { Worker } from 'node:worker_threads';
    const worker = new Worker(${JSON.stringify(text)}, { eval: true });
    await new Promise((resolve) => worker.once('message', resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await worker.terminate();
    const session = await create(slow);
    await session.run(loops(1));
    console.log('whole');`);
  expect(end).toEqual(ended('whole\n'));
}, 60_000);

test('where the runtime is not installed, the error names what brings it', async () => {
  // A copy of the library with nothing beside it but what it can not do without.
  const folder = mkdtempSync(join(tmpdir(), 'infercore-'));
  try {
    cpSync('dist', join(folder, 'dist'), { recursive: true });
    const common = join('node_modules', 'onnxruntime-common');
    cpSync(common, join(folder, common), { recursive: true });
    const env: NodeJS.ProcessEnv =
      TARGET === 'native'
        ? { INFERCORE_ADDON: copyOfAddon(folder), INFERCORE_ORT_LIBRARY: '/nowhere/libort.so' }
        : {};
    const copy = JSON.stringify(pathToFileURL(join(folder, 'dist', 'esm', ENTRY)).href);
    const { out } = await runProgram(
      `${prelude(copy)} await create(slow).catch(({ code, hint }) => console.log(code + ': ' + hint));`,
      env,
    );
    expect(out).toMatch(
      TARGET === 'native'
        ? /^RUNTIME_NOT_FOUND: .*INFERCORE_ORT_LIBRARY/
        : /^RUNTIME_NOT_FOUND: npm install onnxruntime-web/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

/** The addon alone, without ONNX Runtime's library beside it. */
function copyOfAddon(folder: string): string {
  const path = join(folder, 'infercore.node');
  cpSync(join('npm', `${process.platform}-${process.arch}`, 'infercore.node'), path);
  return path;
}
