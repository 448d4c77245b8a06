/** Where runs take place: on this thread, on another one, beside others or one after the other. */
import { expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { RunOptions, SessionOptions } from 'infercore';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { model } from './native_addon';

const several = availableParallelism() > 1;
const floats = (count: number): Tensor => new Tensor('float32', new Float32Array(count), [count]);

/** Was it done before the loop turned? What another thread does is told in a later turn. */
async function stayed(work: () => Promise<unknown>): Promise<boolean> {
  await turn();
  let done = false;
  const working = work().then(() => (done = true));
  for (let i = 0; i < 100; i++) await Promise.resolve();
  const stayedHere = done;
  await working;
  return stayedHere;
}

/** Whatever else the machine does may make a short run long now and then. */
async function everStayed(work: () => Promise<unknown>): Promise<boolean> {
  for (let i = 0; i < 500; i++) if (await stayed(work)) return true;
  return false;
}

test('a run known to be brief stays on this thread, with the same answer', async () => {
  await using session = await InferenceSession.create(model('identity-float32'));
  const x = new Tensor('float32', Float32Array.of(1, 2), [2]);
  expect(await stayed(() => session.run({ x }))).toBe(false);
  expect(await everStayed(() => session.run({ x }))).toBe(true);
  const { y } = await session.run({ x });
  expect(y?.data).toEqual(x.data);
  // What is wrong is told as ever.
  await expect(session.run({ z: x })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('a loop of such runs leaves the event loop its turns', async () => {
  await using session = await InferenceSession.create(model('identity-float32'));
  const x = floats(1);
  const end = performance.now() + 20_000;
  let fired = 0;
  const timer = setInterval(() => (fired += 1), 5);
  while (fired < 3 && performance.now() < end) await session.run({ x });
  clearInterval(timer);
  expect(fired).toBe(3);
});

const never: [string, RunOptions, SessionOptions][] = [
  ['that can be aborted', { signal: new AbortController().signal }, {}],
  ['with a limit of time', { timeoutMs: 60_000 }, {}],
  ['of a session with a limit of time', {}, { timeoutMs: 60_000 }],
  ['whose log is heard before its result', {}, { onLog: () => undefined }],
];
test.each(never)('not one %s', async (_, options, more) => {
  await using session = await InferenceSession.create(model('identity-float32'), more);
  const x = floats(1);
  for (let i = 0; i < 100; i++) expect(await stayed(() => session.run({ x }, options))).toBe(false);
});

test('not one that is fed more than any before', async () => {
  await using session = await InferenceSession.create(model('identity-float32'));
  const [small, large] = [floats(1), floats(2 ** 22)];
  expect(await everStayed(() => session.run({ x: small }))).toBe(true);
  expect(await stayed(() => session.run({ x: large }))).toBe(false);
});

test('not one of other shapes, as many bytes as they may have', async () => {
  await using session = await InferenceSession.create(model('cross'));
  const column = (rows: number) => new Tensor('float32', new Float32Array(rows), [rows, 1]);
  const thin = { left: column(1), right: column(3999) };
  const square = { left: column(2000), right: column(2000) };
  expect(await everStayed(() => session.run(thin))).toBe(true);
  expect(await stayed(() => session.run(square))).toBe(false);
});

test('not one whose length a value says, however short the ones before were', async () => {
  await using session = await InferenceSession.create(model('fill'));
  const dims = new Tensor('int64', BigInt64Array.of(1n, 1n), [2]);
  for (let i = 0; i < 100; i++) expect(await stayed(() => session.run({ dims }))).toBe(false);
});

/** When the runs of a profile began and ended, in microseconds. */
function runsOf(path: string): { begin: number; end: number }[] {
  const events = JSON.parse(readFileSync(path, 'utf8')) as {
    name: string;
    ts: number;
    dur: number;
  }[];
  return events
    .filter(({ name }) => name === 'model_run')
    .map(({ ts, dur }) => ({ begin: ts, end: ts + dur }))
    .sort((a, b) => a.begin - b.begin);
}

/** A matrix product that takes some tens of milliseconds. */
const long = {
  left: new Tensor('float32', new Float32Array(5_000), [5_000, 1]),
  right: new Tensor('float32', new Float32Array(5_000), [5_000, 1]),
};

async function overlapsOf(intraOpNumThreads: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'infercore-'));
  try {
    await using session = await InferenceSession.create(model('cross'), {
      intraOpNumThreads,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'cross'),
    });
    await session.run(long);
    await Promise.all(Array.from({ length: 6 }, () => session.run(long)));
    const runs = runsOf(session.endProfiling() ?? '');
    expect(runs).toHaveLength(7);
    return runs.filter(({ begin }, i) => begin < (runs[i - 1]?.end ?? 0)).length;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A busy machine can make a run so long that others are let go before its end. */
(several ? test : test.skip)('long runs that want all cores take turns', async () => {
  let least = Infinity;
  for (let i = 0; i < 5 && least > 0; i++) {
    least = Math.min(least, await overlapsOf(availableParallelism()));
  }
  expect(least).toBe(0);
});

(several ? test : test.skip)('long runs of one thread each run at once', async () => {
  expect(await overlapsOf(1)).toBeGreaterThan(0);
});

(several ? test : test.skip)('a short run does not wait for long ones', async () => {
  await using session = await InferenceSession.create(model('cross'), {
    intraOpNumThreads: availableParallelism(),
  });
  await using short = await InferenceSession.create(model('identity-float32'));
  const x = floats(1);
  await session.run(long);
  await short.run({ x });
  const order: string[] = [];
  await Promise.all([
    session.run(long).then(() => order.push('long')),
    session.run(long).then(() => order.push('long')),
    short.run({ x }, { timeoutMs: 60_000 }).then(() => order.push('short')),
  ]);
  expect(order).toEqual(['short', 'long', 'long']);
});
