/** This library beside onnxruntime's packages in one process: both work, whichever comes first, and it is told. */
import { expect, test } from '@jest/globals';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testModel } from '../common/model_paths';
import { ended, LIBRARY, runProgram } from '../common/program';

const peer = resolve('build', 'peers', 'onnxruntime-node');
const peerLibrary = join(peer, 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime.so.1');
const web = pathToFileURL(resolve('node_modules', 'onnxruntime-web', 'dist', 'ort.node.min.mjs'));

const PRELUDE = `
  import { createRequire } from 'node:module';
  const theirs = () => createRequire(import.meta.url)(${JSON.stringify(peer)});
  const ours = () => import(${LIBRARY});
  const [add, slow] = ${JSON.stringify(['add', 'slow'].map((name) => resolve(testModel(`${name}.onnx`))))};
  const sums = async ({ InferenceSession, Tensor }) => {
    const session = await InferenceSession.create(add);
    const a = new Tensor('float32', [1, 2, 3, 4], [1, 4]);
    const { sum } = await session.run({ a, b: a });
    return sum.data.join();
  };
  const told = async ({ InferenceSession }) => {
    const { report } = await InferenceSession.create(add, { onWarning() {} });
    return report.warnings.map(({ code }) => code).join() || 'nothing';
  };
  const loops = ({ Tensor }, n) => ({ iterations: new Tensor('int64', [BigInt(n)], []) });`;
const quiet = { NODE_OPTIONS: '--no-warnings' };
const SUM = '2,4,6,8';

test('ours first: both work', async () => {
  const end = await runProgram(
    `${PRELUDE}
    const own = await ours();
    console.log(await sums(own), await told(own));
    const other = theirs();
    console.log(await sums(other), await sums(own), (await Promise.all([sums(own), sums(other)])).join(' '));`,
    quiet,
  );
  expect(end).toEqual(ended(`${SUM} nothing\n${[SUM, SUM, SUM, SUM].join(' ')}\n`));
}, 70_000);

test.each([
  ['theirs first: both work, and a warning names the other copy', quiet, 'FOREIGN_RUNTIME'],
  [
    'their library for both: one environment, and a warning says so',
    { ...quiet, INFERCORE_ORT_LIBRARY: peerLibrary },
    'SHARED_RUNTIME',
  ],
])(
  '%s',
  async (_, env, warning) => {
    const end = await runProgram(
      `${PRELUDE}
    const other = theirs();
    console.log(await sums(other));
    const own = await ours();
    console.log(await sums(own), await sums(other), await told(own));`,
      env,
    );
    expect(end).toEqual(ended(`${SUM}\n${SUM} ${SUM} ${warning}\n`));
  },
  70_000,
);

test.each(['own, other', 'other, own'])(
  'a run is ended beside theirs, and the process leaves in the middle of runs: %s',
  async (order) => {
    const first = order.startsWith('own')
      ? 'const own = await ours(), other = theirs();'
      : 'const other = theirs(), own = await ours();';
    const end = await runProgram(
      `${PRELUDE} ${first}
      const sessions = [];
      for (const library of [${order}]) sessions.push(await library.InferenceSession.create(slow));
      const mine = sessions[${order.startsWith('own') ? 0 : 1}];
      const yours = sessions[${order.startsWith('own') ? 1 : 0}];
      const late = mine.run(loops(own, 1e9), { timeoutMs: 30 }).catch(({ code }) => code);
      const { y } = await yours.run(loops(other, 3));
      console.log(y.dims.length, await late);
      for (let i = 0; i < 3; i += 1) mine.run(loops(own, 1e9)).catch(() => {});
      setTimeout(() => process.exit(6), 10);`,
      quiet,
    );
    expect(end).toEqual(ended('0 TIMEOUT\n', 6));
  },
  70_000,
);

test('onnxruntime-web beside the addon: both work', async () => {
  const end = await runProgram(
    `${PRELUDE}
    const own = await ours();
    const other = await import(${JSON.stringify(web.href)});
    console.log((await Promise.all([sums(own), sums(other), sums(own)])).join(' '), await told(own));`,
    quiet,
  );
  expect(end).toEqual(ended(`${SUM} ${SUM} ${SUM} nothing\n`));
}, 70_000);
