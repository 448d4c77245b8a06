/** Worker threads that end in the middle of their work, again and again: the process and the other threads go on. */
import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { model } from './models';
import { ended, LIBRARY, runProgram } from './program';

const path = JSON.stringify(resolve(model('slow')));
const LONG = TARGET === 'native' ? 1_000_000_000 : 200;
const MODULE = `
  import { parentPort } from 'node:worker_threads';
  import { InferenceSession, Tensor } from ${LIBRARY};
  const loops = (n) => ({ iterations: new Tensor('int64', BigInt64Array.of(BigInt(n)), []) });
  const create = () => InferenceSession.create(${path});`;
/**
 * Runs that begin when it is told to, and `end` a moment later. All sessions are there before: loading takes a thread of the
 * pool, and runs that do not end give none back.
 */
const running = (end: string): string => `${MODULE}
  const session = await create();
  parentPort.postMessage('ready');
  await new Promise((resolve) => parentPort.once('message', resolve));
  setTimeout(() => { ${end} }, 5);
  await Promise.all([1, 2, 3].map(() => session.run(loops(${LONG}))));`;

/** Starts `text` in workers, ends them as `end` says, and does some work itself afterwards. */
const program = (text: string, end: string, times: number, after = 'codes.join()'): string => `
  import { Worker } from 'node:worker_threads';
  import { InferenceSession, Tensor } from ${LIBRARY};
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const codes = [];
  const start = () => new Worker(${JSON.stringify(text)}, { eval: true }).on('exit', (code) => codes.push(code));
  const run = async (...workers) => {
    await Promise.all(workers.map((worker) => new Promise((resolve, reject) =>
      worker.once('message', resolve).once('error', reject))));
    for (const worker of workers) worker.postMessage('go');
  };
  const left = (worker) => new Promise((resolve) => worker.once('exit', resolve));
  for (let i = 0; i < ${times}; i += 1) { ${end} }
  const session = await InferenceSession.create(${path});
  const { y } = await session.run({ iterations: new Tensor('int64', [2n], []) });
  await session.dispose();
  console.log(${after}, y.dims.length);`;

const TIMES = TARGET === 'native' ? 10 : 2;
const all = (code: number, count = TIMES): string => new Array<number>(count).fill(code).join();

test('ended during runs', async () => {
  const end =
    'const worker = start(); await run(worker); await pause(i); await worker.terminate();';
  expect(await runProgram(program(running(''), end, TIMES))).toEqual(ended(`${all(1)} 0\n`));
}, 70_000);

test('several ended at once, during runs', async () => {
  const end = `const three = [start(), start(), start()];
    await run(...three);
    await pause(10);
    await Promise.all(three.map((worker) => worker.terminate()));`;
  expect(await runProgram(program(running(''), end, 2))).toEqual(ended(`${all(1, 6)} 0\n`));
}, 70_000);

test('ended while the library, its runtime and a model load', async () => {
  const text = `${MODULE} for (;;) await (await create()).dispose();`;
  const end = 'const worker = start(); await pause(13 * i); await worker.terminate();';
  expect(await runProgram(program(text, end, 2 * TIMES, 'codes.length'))).toEqual(
    ended(`${2 * TIMES} 0\n`),
  );
}, 70_000);

test('left by process.exit() during runs', async () => {
  const end = 'const worker = start(); await run(worker); await left(worker);';
  expect(await runProgram(program(running('process.exit(4)'), end, TIMES))).toEqual(
    ended(`${all(4)} 0\n`),
  );
}, 70_000);

test('an error in one during runs is told to who made it', async () => {
  const end = `const worker = start();
    await run(worker);
    worker.removeAllListeners('error').once('error', ({ message }) => codes.push(message));
    await left(worker);`;
  const text = running("throw new Error('mine')");
  expect(await runProgram(program(text, end, 2))).toEqual(ended('mine,1,mine,1 0\n'));
}, 70_000);

test('the process leaves while workers run models', async () => {
  const end =
    'await run(start(), start(), start()); setTimeout(() => process.exit(9), 20); await pause(1e6);';
  expect(await runProgram(program(running(''), end, 1))).toEqual(ended('', 9));
}, 70_000);
