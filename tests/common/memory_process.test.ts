/** Where memory is scarce: an error with a code, and the process goes on. */
import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { model } from './models';
import { ended, LIBRARY, runProgram } from './program';
import { testIf } from './surroundings';

const PRELUDE = `
  import { InferenceSession, listSupportedBackends, Tensor } from ${LIBRARY};
  const [fill, slow, add] = ${JSON.stringify(['fill', 'slow', 'add'].map((name) => resolve(model(name))))};
  const integers = (...values) => new Tensor('int64', values.map(BigInt), [values.length]);
  const codeOf = (work) => work.then(() => 'done', ({ code }) => code);`;
/** WebAssembly reserves more addresses than it takes memory, and has a limit of its own. */
const LIMIT = TARGET === 'native' ? 'ulimit -v 8000000' : ':';

test('an output larger than memory: an error, and the session goes on', async () => {
  const end = await runProgram(
    `${PRELUDE}
    const session = await InferenceSession.create(fill);
    const sizes = [[1e5, 1e5], [1e6, 1e6], [2 ** 40, 2 ** 40]];
    for (const dims of sizes) console.log(await codeOf(session.run({ dims: integers(...dims) })));
    const { zeros } = await session.run({ dims: integers(2, 3) });
    const another = await InferenceSession.create(add);
    console.log(zeros.dims.join(), another.inputNames.join());`,
    {},
    LIMIT,
  );
  expect(end).toEqual(ended(`${'LIMIT_EXCEEDED\n'.repeat(3)}2,3 a,b\n`));
}, 70_000);

test('many such runs at once: each fails alone', async () => {
  const end = await runProgram(
    `${PRELUDE}
    const session = await InferenceSession.create(fill);
    const runs = Array.from({ length: 12 }, (_, i) =>
      codeOf(session.run({ dims: i % 3 === 0 ? integers(4) : integers(1e5, 1e5) })));
    console.log((await Promise.all(runs)).join());`,
    {},
    LIMIT,
  );
  const three = 'done,LIMIT_EXCEEDED,LIMIT_EXCEEDED';
  expect(end).toEqual(ended(`${[three, three, three, three].join()}\n`));
}, 70_000);

test("outputs do not count for JavaScript's heap", async () => {
  const end = await runProgram(
    `${PRELUDE}
    const session = await InferenceSession.create(fill);
    const kept = [];
    for (let i = 0; i < 25; i += 1) kept.push(await session.run({ dims: integers(2e6) }));
    console.log(kept.reduce((sum, { zeros }) => sum + zeros.data.byteLength, 0) / 1e6);`,
    { NODE_OPTIONS: '--max-old-space-size=48' },
  );
  expect(end).toEqual(ended('200\n'));
}, 70_000);

test("JavaScript's heap is full during runs: the engine ends the process and says so", async () => {
  const long = TARGET === 'native' ? 1e9 : 50;
  const { code, signal, out } = await runProgram(
    `${PRELUDE}
    const session = await InferenceSession.create(slow);
    const iterations = new Tensor('int64', [${long}], []);
    for (let i = 0; i < 4; i += 1) codeOf(session.run({ iterations }));
    const kept = [];
    for (;;) {
      kept.push(new Array(1e5).fill({}));
      if (kept.length % 8 === 0) await new Promise(setImmediate);
    }`,
    { NODE_OPTIONS: '--max-old-space-size=48' },
    'ulimit -c 0',
  );
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGABRT' });
  expect(out).toContain('JavaScript heap out of memory');
}, 70_000);

testIf(TARGET === 'native', 'WebAssembly has no pool of threads')(
  'where no thread can be started, what would wait for one fails at once',
  async () => {
    // A thread asks for the addresses of its stack; the process may have none beyond those that it has.
    const end = await runProgram(`${PRELUDE}
    import { execFileSync } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    const limit = (bytes) => execFileSync('prlimit', ['--pid', String(process.pid), '--as=' + bytes + ':']);
    const size = () => 1024 * Number(/VmSize:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
    listSupportedBackends();
    limit(size() + 4 * 2 ** 20);
    const codes = await Promise.all([0, 1, 2].map(() => codeOf(InferenceSession.create(add))));
    limit('unlimited');
    console.log(codes.join(), await codeOf(InferenceSession.create(add)));`);
    expect(end).toEqual(ended('LIMIT_EXCEEDED,LIMIT_EXCEEDED,LIMIT_EXCEEDED done\n'));
  },
);
