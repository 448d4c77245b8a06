/** What can only be seen from outside: how a process with work under way ends, and how much memory it keeps. */
import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveCounts } from '../../js/src/binding.js';
import type { Failure } from '../../js/src/error.js';
import { addonPath, libraryPath, model, runOptions, sessionOptions } from './native_addon';

const LIBRARY = `
  const addon = require(${JSON.stringify(addonPath)});
  addon.loadRuntimeSync([${JSON.stringify(libraryPath)}]);
  const load = async (path, cancellation = new addon.Cancellation()) =>
    (await addon.createSession(path, ${JSON.stringify(sessionOptions)}, cancellation)).value;
  const run = (session, feeds) =>
    session.run(feeds, [], ${JSON.stringify(runOptions)}, new addon.Cancellation());
  const iterations = (count) => [['iterations', 'int64', BigInt64Array.of(BigInt(count)), []]];
  const slow = (session, count) => run(session, iterations(count));
  const SLOW = ${JSON.stringify(model('slow'))};
  const IDENTITY = ${JSON.stringify(model('identity-float32'))};
`;

function node(script: string, ...args: string[]): { status: number | null; output: string } {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...args, '-e', LIBRARY + script],
    { encoding: 'utf8', timeout: 20_000 },
  );
  return { status, output: `${stdout}${stderr}${signal ? ` ended by ${signal}` : ''}`.trim() };
}

const worker = (script: string): string =>
  `new (require('node:worker_threads').Worker)(${JSON.stringify(LIBRARY + script)}, { eval: true })`;

const TIMES = [1, 2, 3];

describe.each(TIMES)('a process ends cleanly (attempt %i)', () => {
  test.each([
    ['exit in the middle of runs', 'setTimeout(() => process.exit(3), 15)', 3],
    ['exit right after a run began', 'process.exit(4)', 4],
    ['an uncaught exception in the middle of runs', 'setTimeout(() => { throw 1 }, 15)', 1],
  ])('%s', (_, end, status) => {
    const script = `load(SLOW).then((s) => { for (let i = 0; i < 4; i++) slow(s, 1e9); ${end} })`;
    expect(node(script).status).toBe(status);
  });

  test('exit while models load', () => {
    // One in thirty such processes crashed where only exit() ended what was under way.
    for (let times = 0; times < 10; ++times) {
      const { status, output } = node('for (let i = 0; i < 8; i++) load(SLOW); process.exit(5)');
      expect({ status, output }).toEqual({ status: 5, output: '' });
    }
  });

  test('a worker thread is terminated in the middle of runs', () => {
    const inside = `load(SLOW).then((s) => {
      slow(s, 1e9); slow(s, 1e9); require('node:worker_threads').parentPort.postMessage(0);
    })`;
    const script = `const w = ${worker(inside)};
      w.on('message', () => setTimeout(() => w.terminate().then(console.log), 10));`;
    expect(node(script)).toEqual({ status: 0, output: '1' });
  });

  test('a worker thread is terminated while a run uses its memory', () => {
    // Filling memory takes the run tens of milliseconds; what it fills is gone with the thread.
    const inside = `(async () => {
      const identity = await load(IDENTITY);
      const n = 5e6;
      const data = () => new Float32Array(new SharedArrayBuffer(4 * n));
      for (let i = 0; i < 4; i++) {
        const y = ['y', 'float32', new Float32Array(n), [n]];
        identity.run([['x', 'float32', data(), [n]]], [y], undefined, undefined);
      }
      require('node:worker_threads').parentPort.postMessage(0);
    })()`;
    const script = `(async () => {
      for (let i = 0; i < 4; i++) {
        const w = ${worker(inside)};
        await new Promise((done) => w.on('message', done));
        await w.terminate();
      }
      console.log('alive');
    })()`;
    expect(node(script)).toEqual({ status: 0, output: 'alive' });
  });

  test('a worker thread exits in the middle of a run, the process goes on', () => {
    const inside =
      'load(SLOW).then((s) => { slow(s, 1e9); setTimeout(() => process.exit(7), 10) })';
    const script = `${worker(inside)}.on('exit', async (code) => {
      const y = (await slow(await load(SLOW), 10)).value[0]; console.log(code, y.dims.length);
    })`;
    expect(node(script)).toEqual({ status: 0, output: '7 0' });
  });

  test('the process exits while worker threads run models', () => {
    const inside = `load(SLOW).then((s) => {
      slow(s, 1e9); require('node:worker_threads').parentPort.postMessage(0);
    })`;
    const script = `for (let i = 0; i < 3; i++)
      ${worker(inside)}.on('message', () => setTimeout(() => process.exit(9), 10));`;
    expect(node(script).status).toBe(9);
  });
});

test('memory that a run uses is kept while it waits and runs', () => {
  const script = `(async () => {
    const [busy, identity] = [await load(SLOW), await load(IDENTITY)];
    const n = 5e6;
    // Behind runs that take all threads, and with nobody who holds the arrays.
    const before = Array.from({ length: 16 }, () => slow(busy, 3000));
    const shared = () => new Float32Array(new SharedArrayBuffer(4 * n)).fill(3);
    const runs = Array.from({ length: 4 }, () => identity.run(
      [['x', 'float32', shared(), [n]]], [['y', 'float32', new Float32Array(n), [n]]],
    ));
    for (let i = 0; i < 5; i++) { gc(); await new Promise(setImmediate); }
    for (const outcome of await Promise.all(runs)) console.log(outcome.value[0]);
    await Promise.all(before);
  })()`;
  expect(node(script, '--expose-gc')).toEqual({
    status: 0,
    output: 'null\nnull\nnull\nnull',
  });
});

test('an awaited run keeps the process alive, an idle pool does not', () => {
  const script =
    "load(SLOW).then((s) => slow(s, 2000)).then((outcome) => console.log('value' in outcome))";
  expect(node(script)).toEqual({ status: 0, output: 'true' });
});

test('worker threads use the addon at the same time', () => {
  const inside = `(async () => {
    const s = await load(IDENTITY);
    for (let i = 0; i < 200; i++) {
      const { value } = await run(s, [['x', 'float32', Float32Array.of(i), [1]]]);
      if (value[0].data[0] !== i) throw new Error('wrong');
    }
    require('node:worker_threads').parentPort.postMessage(0);
  })()`;
  const script = `let done = 0;
    for (let i = 0; i < 3; i++) ${worker(inside)}.on('message', () => done++);
    process.on('exit', () => console.log(done));`;
  expect(node(script)).toEqual({ status: 0, output: '3' });
});

test('a run that fails or is ended prints nothing', () => {
  const script = `load(SLOW).then(async (s) => {
    const cancellation = new addon.Cancellation();
    setTimeout(() => cancellation.cancel('ABORTED'), 10);
    const outcome = await s.run(iterations(1e9), [], ${JSON.stringify(runOptions)}, cancellation);
    if (outcome.failure.code !== 'ABORTED') process.exit(1);
  })`;
  expect(node(script)).toEqual({ status: 0, output: '' });
});

test('without the runtime: what became of each candidate, and no crash', () => {
  const { stdout } = spawnSync(
    process.execPath,
    [
      '-e',
      `const addon = require(${JSON.stringify(addonPath)});
       const { failure } = addon.loadRuntimeSync(['/no/such/library.so', ${JSON.stringify(addonPath)}, '/etc/passwd']);
       addon.createSession(${JSON.stringify(model('add'))}, {}, new addon.Cancellation()).then(
         (outcome) => console.log(JSON.stringify([failure, outcome.failure])));`,
    ],
    { encoding: 'utf8' },
  );
  const [missing, early] = JSON.parse(stdout) as Failure[];
  expect(missing).toMatchObject({ code: 'RUNTIME_NOT_FOUND' });
  expect(missing?.message).toContain('/no/such/library.so: there is no such file');
  expect(missing?.message).toContain('it has no OrtGetApiBase');
  expect(missing?.message).toMatch(/passwd: (invalid ELF header|file too short)/);
  expect(missing?.hint).toContain('INFERCORE_ORT_LIBRARY');
  expect(early).toMatchObject({ code: 'RUNTIME_NOT_FOUND' });
});

test('the runtime is loaded once: later candidates change nothing', () => {
  const script = `const { value } = addon.loadRuntimeSync(['/elsewhere']);
    console.log(value.warnings.length, value.path === ${JSON.stringify(libraryPath)});`;
  expect(node(script)).toEqual({ status: 0, output: '0 true' });
});

test('a copy of the runtime that was loaded before is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'infercore-'));
  try {
    const copy = join(folder, 'libonnxruntime.so.1');
    copyFileSync(libraryPath, copy);
    const script = `console.log(addon.loadRuntimeSync([]).value.warnings[0].message)`;
    const { stdout } = spawnSync(process.execPath, ['-e', LIBRARY + script], {
      encoding: 'utf8',
      env: { ...process.env, LD_PRELOAD: copy },
    });
    expect(stdout).toContain(`another copy of ONNX Runtime was loaded before, from ${copy}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the addon counts sessions, what is under way, and what waits for a thread', () => {
  const script = `(async () => {
    const counts = [addon.liveCounts()];
    const session = await load(SLOW);
    const cancellations = Array.from({ length: 100 }, () => new addon.Cancellation());
    const iterations = ['iterations', 'int64', BigInt64Array.of(1000000000n), []];
    const [{ name }] = session.outputs;
    const runs = cancellations.map((each) => session.run([iterations], [name], undefined, each));
    counts.push(addon.liveCounts());
    for (const each of cancellations) each.cancel('ABORTED');
    await Promise.all(runs);
    await session.dispose();
    // The pool's thread lets go of a run a moment after its promise.
    while (addon.liveCounts().operations > 0) await new Promise((done) => setTimeout(done));
    console.log(JSON.stringify([...counts, addon.liveCounts()]));
  })()`;
  const { status, output } = node(script);
  expect(status).toBe(0);
  const [before, during, after] = JSON.parse(output) as LiveCounts[];
  expect(before).toEqual({ sessions: 0, operations: 0, queued: 0 });
  expect(during).toMatchObject({ sessions: 1, operations: 100 });
  // As many as there are cores are not in the queue any more, or soon will not be.
  expect(during?.queued).toBeGreaterThan(0);
  expect(during?.queued).toBeLessThanOrEqual(100);
  expect(after).toEqual(before);
});

describe('memory stays bounded', () => {
  const grows = (work: string): number => {
    const script = `(async () => {
      const session = await load(IDENTITY);
      const rss = () => { gc(); return process.memoryUsage().rss / 2 ** 20; };
      const work = async () => { ${work} };
      await work();
      await work();
      const before = rss();
      for (let i = 0; i < 4; i++) await work();
      console.log(rss() - before);
    })()`;
    const { status, output } = node(script, '--expose-gc');
    expect(status).toBe(0);
    return Number(output);
  };
  const repeat = (length: number, times: number): string => `
    const x = ['x', 'float32', new Float32Array(${length}), [${length}]];
    for (let i = 0; i < ${times}; i++) await run(session, [x]);`;

  test('over many small runs', () => {
    expect(grows(repeat(4, 1000))).toBeLessThan(16);
  });
  // 100 outputs of 4 MB: without an end they would be 1,600 MB.
  test('over large outputs', () => {
    expect(grows(repeat(1e6, 100))).toBeLessThan(400);
  });
  test('over sessions that nobody disposes', () => {
    expect(
      grows(`for (let i = 0; i < 25; i++) await load(IDENTITY);
             gc(); await new Promise((done) => setTimeout(done, 20));`),
    ).toBeLessThan(24);
  });
  test('over sessions that are disposed', () => {
    expect(
      grows('for (let i = 0; i < 25; i++) await (await load(IDENTITY)).dispose();'),
    ).toBeLessThan(16);
  });
});
