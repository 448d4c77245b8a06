/** What ONNX Runtime logs, on its way from the addon's threads to a callback. */
import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { LogMessage, RunOptions, Warning } from 'infercore';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { model } from './native_addon';

const one = new Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, 4]);

async function failingRun(session: InferenceSession, options: RunOptions = {}): Promise<void> {
  const index = new Tensor('int64', BigInt64Array.of(99n), [1]);
  await expect(session.run({ index }, options)).rejects.toMatchObject({ code: 'RUNTIME_ERROR' });
}

test('the log of loading and runs comes in order, each before its result', async () => {
  const heard: LogMessage[] = [];
  const session = await InferenceSession.create(model('add'), {
    onLog: (message) => heard.push(message),
    logSeverityLevel: 0,
    logId: 'mine',
  });
  const messages = () => heard.map(({ message }) => message);
  expect(new Set(heard.map(({ logId }) => logId))).toEqual(new Set(['mine']));
  expect(new Set(heard.map(({ category }) => category))).toEqual(new Set(['onnxruntime']));
  expect(heard.map(({ severity }) => severity)).toEqual(
    expect.arrayContaining(['verbose', 'info']),
  );
  expect(heard[0]?.place).toMatch(/^inference_session\.cc:\d+ \w+$/);
  expect(messages().at(-1)).toBe('Session successfully initialized.');
  await session.run({ a: one, b: one }, { tag: 'some-run' });
  expect(messages().at(-1)).toBe('Running with tag: some-run');
  await session.dispose();
});

test('from warnings on, unless another level is asked for; a run may have its own', async () => {
  const heard: LogMessage[] = [];
  const session = await InferenceSession.create(model('fail-gather'), {
    onLog: (message) => heard.push(message),
  });
  expect(heard).toEqual([]);
  await failingRun(session);
  expect(heard.map(({ severity }) => severity)).toEqual(['error']);
  expect(heard[0]?.message).toContain('Gather');
  await failingRun(session, { logSeverityLevel: 4 });
  expect(heard).toHaveLength(1);
  await session.dispose();
});

test('each session has its own log, at any number of runs at once', async () => {
  const heard: string[][] = [[], [], []];
  const sessions = await Promise.all(
    heard.map((list, i) =>
      InferenceSession.create(model('add'), {
        onLog: ({ logId, message }) => list.push(`${logId} ${message}`),
        logSeverityLevel: 1,
        logId: `session-${i}`,
      }),
    ),
  );
  const runs = sessions.flatMap((session) =>
    Array.from({ length: 50 }, () => session.run({ a: one, b: one }, { tag: 'x' })),
  );
  await Promise.all(runs);
  heard.forEach((list, i) => {
    expect(list.filter((line) => line === `session-${i} Running with tag: x`)).toHaveLength(50);
    expect(list.every((line) => line.startsWith(`session-${i} `))).toBe(true);
  });
  await Promise.all(sessions.map((session) => session.dispose()));
});

test('what the callback throws is a warning, and ends nothing', async () => {
  const heard: Warning[] = [];
  const session = await InferenceSession.create(model('add'), {
    onLog: () => {
      throw new Error('mine');
    },
    onWarning: (warning) => heard.push(warning),
    logSeverityLevel: 0,
  });
  const { sum } = await session.run({ a: one, b: one });
  expect(sum?.data).toEqual(Float32Array.of(2, 2, 2, 2));
  expect(heard.map(({ code, message }) => [code, message])).toEqual([
    ['CALLBACK_FAILED', 'onLog has thrown: mine'],
  ]);
  await session.dispose();
});

describe('seen from outside', () => {
  const entry = fileURLToPath(new URL('../../dist/cjs/node.js', import.meta.url));
  const LIBRARY = `
    const { InferenceSession, Tensor } = require(${JSON.stringify(entry)});
    const one = new Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, 4]);
    const load = (onLog) => InferenceSession.create(${JSON.stringify(model('add'))},
      { onLog, logSeverityLevel: 0 });
    const turn = () => new Promise((done) => setTimeout(done, 10));
  `;
  const node = (script: string, ...args: string[]) => {
    const { status, signal, stdout, stderr } = spawnSync(
      process.execPath,
      [...args, '-e', `${LIBRARY}(async () => { ${script} })()`],
      { encoding: 'utf8', timeout: 20_000 },
    );
    return { status, signal, stdout, stderr };
  };
  const clean = (stdout: string) => ({ status: 0, signal: null, stdout, stderr: '' });

  test('a callback keeps no process alive, and nothing goes to its standard error', () => {
    const script = `let n = 0; await load(() => { n += 1; }); console.log(n > 100);`;
    expect(node(script)).toEqual(clean('true\n'));
  });

  test('a session that its callback alone knows is forgotten', () => {
    const script = `
      let session; session = await load(() => session);
      const weak = new WeakRef(session); session = undefined;
      for (let i = 0; i < 100 && weak.deref(); ++i) { await turn(); gc(); }
      console.log(weak.deref() === undefined);`;
    expect(node(script, '--expose-gc')).toEqual(clean('true\n'));
  });

  test('a worker thread is terminated while its runs log', () => {
    const inside = `${LIBRARY}(async () => {
      const session = await load(() => {});
      require('node:worker_threads').parentPort.postMessage(0);
      for (;;) await Promise.all(Array.from({ length: 16 }, () =>
        session.run({ a: one, b: one }, { tag: 'x' })));
    })()`;
    const script = `
      const { Worker } = require('node:worker_threads');
      for (let i = 0; i < 10; ++i) {
        const worker = new Worker(${JSON.stringify(inside)}, { eval: true });
        await new Promise((done) => worker.once('message', done));
        await worker.terminate();
      }
      console.log('done');`;
    expect(node(script)).toEqual(clean('done\n'));
  });
});
