/** What runs and loads leave behind, in a process of their own: nothing that grows. */
import { describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { model } from './models';
import { LIBRARY, runProgram } from './program';

const ADDON = resolve('npm', `${process.platform}-${process.arch}`, 'infercore.node');

interface Growth {
  /** MB of the process: native memory as well, and what the engine keeps free for itself, some tens of MB. */
  readonly process: number;
  /** MB that JavaScript uses, which is exact. */
  readonly used: number;
  /** What the addon counts. */
  readonly live: object;
}

/** Does `work` in ten equal parts, and says what the process grew by over the last seven of them. */
async function growth(prepare: string, work: string): Promise<Growth> {
  const { code, out } = await runProgram(`
    import { InferenceSession, Tensor } from ${LIBRARY};
    import { createRequire } from 'node:module';
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    const add = ${JSON.stringify(resolve(model('add')))};
    const slow = ${JSON.stringify(resolve(model('slow')))};
    const loops = (n) => ({ iterations: new Tensor('int64', BigInt64Array.of(BigInt(n)), []) });
    const x = new Tensor('float32', new Float32Array(1024), [256, 4]);
    const feeds = { a: x, b: x };
    const memory = async () => {
      for (let i = 0; i < 3; i += 1) { gc(); await turn(); }
      const { rss, heapUsed, external } = process.memoryUsage();
      return [rss / 2 ** 20, (heapUsed + external) / 2 ** 20];
    };
    ${prepare}
    const sizes = [];
    for (let part = 0; part < 10; part += 1) {
      ${work}
      sizes.push(await memory());
    }
    const live = ${TARGET === 'native'} ? createRequire(import.meta.url)(${JSON.stringify(ADDON)}).liveCounts() : {};
    console.log(JSON.stringify({ process: sizes[9][0] - sizes[2][0], used: sizes[9][1] - sizes[2][1], live }));`);
  if (code !== 0) throw new Error(out);
  return JSON.parse(out) as Growth;
}

function expectFlat(grown: Pick<Growth, 'process' | 'used'>): void {
  expect(grown.process).toBeLessThan(32);
  expect(grown.used).toBeLessThan(1.5);
}

/** Natively the addon counts: nothing is left but what the program still holds. */
const left = (sessions: number): object =>
  TARGET === 'native' ? { sessions, operations: 0, queued: 0 } : {};

describe('memory is flat', () => {
  // A run has 8 KB in and 4 KB out: what stays of them is 84 MB in the end.
  test('over 10,000 runs', async () => {
    const { live, ...grown } = await growth(
      'const session = await InferenceSession.create(add);',
      'for (let i = 0; i < 1000; i += 1) await session.run(feeds);',
    );
    expectFlat(grown);
    expect(live).toEqual(left(1));
  }, 60_000);

  test('over 10,000 runs that wait, are aborted, turned away, or do not fit', async () => {
    const { live, ...grown } = await growth(
      'const session = await InferenceSession.create(add, { maxConcurrency: 2, maxQueue: 8 });',
      `for (let i = 0; i < 50; i += 1) {
        const controllers = Array.from({ length: 20 }, () => new AbortController());
        const runs = controllers.map(({ signal }, run) =>
          session.run(run % 7 ? feeds : { a: x }, { signal, priority: run % 3, timeoutMs: 5000 }));
        setTimeout(() => controllers.forEach((each) => each.abort()), i % 3);
        const ends = await Promise.allSettled(runs);
        const codes = new Set(ends.map(({ reason }) => reason?.code));
        for (const code of codes) {
          if (![undefined, 'INVALID_INPUT', 'ABORTED', 'QUEUE_FULL'].includes(code)) throw new Error(code);
        }
        if (!codes.has('QUEUE_FULL')) throw new Error('nothing was turned away');
      }`,
    );
    expectFlat(grown);
    expect(live).toEqual(left(1));
  }, 60_000);

  test('over 200 loads that are disposed', async () => {
    const { live, ...grown } = await growth(
      '',
      `for (let i = 0; i < 20; i += 1) {
        const session = await InferenceSession.create(add, { warmup: [{ a: [1, 4], b: [1, 4] }] });
        await session.dispose();
      }`,
    );
    expectFlat(grown);
    expect(live).toEqual(left(0));
  }, 60_000);

  test('over 200 loads that nobody disposes, and some that fail', async () => {
    const { live, ...grown } = await growth(
      '',
      `for (let i = 0; i < 20; i += 1) {
        const session = await InferenceSession.create(add);
        await session.run(feeds);
        const fails = i % 4 === 0 ? { warmup: [{ a: [1] }] } : { constraints: { b: { c: { min: 1 } } } };
        if (i % 2) await InferenceSession.create(add, fails).catch(() => {});
      }`,
    );
    expectFlat(grown);
    // The last ones may still be held by the program.
    const { sessions = 0, ...others } = live as { sessions?: number };
    expect(sessions).toBeLessThan(3);
    expect({ sessions: 0, ...others }).toMatchObject(left(0));
  }, 60_000);

  test('over runs that end by their time limit while they are under way', async () => {
    const { live, ...grown } = await growth(
      'const session = await InferenceSession.create(slow);',
      `for (let i = 0; i < 10; i += 1) {
        await session.run(loops(${TARGET === 'native' ? 1e8 : 3}), { timeoutMs: 1 }).catch(() => {});
      }`,
    );
    expectFlat(grown);
    expect(live).toEqual(left(1));
  }, 60_000);
});
