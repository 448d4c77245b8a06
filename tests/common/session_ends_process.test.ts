/** How a process ends that has runs under way: signals, errors that nobody catches, a run that takes long. */
import { describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { model } from './models';
import { ended, LIBRARY, runProgram } from './program';

/** A run that takes hours natively; in WebAssembly, which blocks the event loop, one of some tenths of a second. */
const LONG = TARGET === 'native' ? 1_000_000_000 : 200;

const run = (program: string) =>
  runProgram(`
    import { InferenceSession, Tensor } from ${LIBRARY};
    const path = ${JSON.stringify(resolve(model('slow')))};
    const loops = (n) => ({ iterations: new Tensor('int64', BigInt64Array.of(BigInt(n)), []) });
    const ignore = () => {};
    const soon = (work) => setTimeout(work, 20);
    ${program}`);
const RUNS = `
  const session = await InferenceSession.create(path);
  for (let i = 0; i < 4; i += 1) session.run(loops(${LONG})).catch(ignore);`;

describe.each(['SIGTERM', 'SIGINT'])('%s', (signal) => {
  test('ends the process during runs', async () => {
    const end = await run(`${RUNS} soon(() => process.kill(process.pid, '${signal}'));`);
    expect(end).toEqual({ code: null, signal, out: '' });
  }, 70_000);

  test('ends the process while models load', async () => {
    const end = await run(`
      for (let i = 0; i < 4; i += 1) InferenceSession.create(path).catch(ignore);
      process.kill(process.pid, '${signal}');
      setTimeout(ignore, 60_000);`);
    expect(end).toEqual({ code: null, signal, out: '' });
  }, 70_000);

  test('with a handler: what runs is ended, the session given back, and the process leaves by itself', async () => {
    const end = await run(`
      const session = await InferenceSession.create(path);
      const leaving = new AbortController();
      const run = () => session.run(loops(${LONG}), { signal: leaving.signal }).then(
        () => 'done', ({ code }) => code);
      const runs = Array.from({ length: 4 }, run);
      process.once('${signal}', async () => {
        leaving.abort();
        await session.dispose();
        const ends = await Promise.all(runs);
        console.log(ends.at(-1), ends.every((end) => end === 'done' || end === 'ABORTED'));
      });
      soon(() => process.kill(process.pid, '${signal}'));`);
    expect(end).toEqual(ended('ABORTED true\n'));
  }, 70_000);
});

describe('an error that nobody catches ends the process with it', () => {
  test.each([
    ['thrown during runs', `${RUNS} soon(() => { throw new Error('mine'); });`],
    ['a promise rejected during runs', `${RUNS} soon(() => Promise.reject(new Error('mine')));`],
    [
      'thrown while models load',
      `for (let i = 0; i < 4; i += 1) InferenceSession.create(path).catch(ignore);
       throw new Error('mine');`,
    ],
  ])(
    '%s',
    async (_, program) => {
      const { code, signal, out } = await run(program);
      expect({ code, signal }).toEqual({ code: 1, signal: null });
      expect(out).toContain('Error: mine');
    },
    70_000,
  );

  test('that of a run', async () => {
    const { code, out } = await run(`
      const session = await InferenceSession.create(path);
      session.run({});`);
    expect(code).toBe(1);
    expect(out).toContain("code: 'INVALID_INPUT'");
  }, 70_000);
});

/** Seconds that the long run is to take. */
const SECONDS = 2;

test('a run of some seconds: others and their end come meanwhile, and it gives its result', async () => {
  const { code, out } = await run(`
    const session = await InferenceSession.create(path);
    await session.run(loops(10));
    let start = performance.now();
    await session.run(loops(200));
    const enough = Math.ceil((${SECONDS} * 200_000) / (performance.now() - start));
    start = performance.now();
    let turns = 0;
    const ticking = setInterval(() => { turns += 1; }, 10);
    const long = session.run(loops(enough));
    const quick = session.run(loops(1)).then(() => performance.now() - start);
    const late = session.run(loops(enough), { timeoutMs: 50 }).catch(({ code }) => code);
    const told = await late;
    const { y } = await long;
    clearInterval(ticking);
    console.log(JSON.stringify({
      told, turns, finite: Number.isFinite(y.data[0]),
      long: performance.now() - start, quick: await quick,
    }));`);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^\{.*\}\n$/) });
  const { told, turns, finite, long, quick } = JSON.parse(out) as Record<string, number>;
  expect({ told, finite }).toEqual({ told: 'TIMEOUT', finite: true });
  if (TARGET === 'wasm') return;
  // The event loop turned all the while, and who asked for little did not wait for who asked for much.
  expect(turns).toBeGreaterThan(20);
  expect(quick).toBeLessThan(long as number);
}, 70_000);
