/** One session in several threads of Node. */
import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { SharedSession } from 'infercore';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { failure } from '../common/failure';
import { model } from '../common/models';
import { ended, LIBRARY, runProgram } from '../common/program';

const ADD = resolve(model('add'));
const SLOW = resolve(model('slow'));
const ADDON = resolve('npm', `${process.platform}-${process.arch}`, 'infercore.node');

/** A program with `live`, the number of sessions in the process, and `start(text)`, a worker that runs a module. */
const program = (text: string): Promise<unknown> =>
  runProgram(`
    import { InferenceSession, Tensor } from ${LIBRARY};
    import { once } from 'node:events';
    import { createRequire } from 'node:module';
    import { Worker } from 'node:worker_threads';
    const addon = createRequire(import.meta.url)(${JSON.stringify(ADDON)});
    const live = () => addon.liveCounts().sessions;
    const settled = async (what) => { while (!what()) await new Promise((done) => setTimeout(done, 1)); };
    const start = (text, workerData) => {
      const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(
        'import { InferenceSession, Tensor } from ' + ${JSON.stringify(LIBRARY)} + ';' +
        'import { once } from "node:events";' +
        'import { parentPort, workerData } from "node:worker_threads";' + text)), { workerData });
      worker.on('error', (error) => { console.log('worker:', error); });
      return worker;
    };
    const x = (value) => new Tensor('float32', new Float32Array(4).fill(value), [1, 4]);
    const loops = (count) => ({ iterations: new Tensor('int64', BigInt64Array.of(BigInt(count)), []) });
    ${text}`);

/** Of a worker: attaches, and tells it. */
const ATTACH = `
  const session = await InferenceSession.attach(workerData);
  const x = (value) => new Tensor('float32', new Float32Array(4).fill(value), [1, 4]);
  const loops = (count) => ({ iterations: new Tensor('int64', BigInt64Array.of(BigInt(count)), []) });
`;

describe('a session in several threads', () => {
  test('gives every thread its own answers, at the same time', async () => {
    const end = await program(`
      const session = await InferenceSession.create(${JSON.stringify(ADD)});
      const work = ${JSON.stringify(`
        for (let i = 0; i < 300; i += 1) {
          const runs = [1, 2, 3].map((n) => session.run({ a: x(n * i), b: x(n) }));
          const right = (await Promise.all(runs)).every((made, k) => {
            const [value] = Object.values(made);
            return value.data[0] === (k + 1) * (i + 1);
          });
          if (!right) throw new Error('a wrong answer');
        }`)};
      const workers = [1, 2, 3].map(() => start(${JSON.stringify(ATTACH)} + work + 'parentPort.postMessage("right");', session.share()));
      const answers = workers.map((worker) => once(worker, 'message'));
      const exits = workers.map((worker) => once(worker, 'exit'));
      const own = new Function('session', 'x', 'return (async () => {' + work + '})()');
      await own(session, x);
      console.log((await Promise.all(answers)).join(), live());
      await Promise.all(exits);
      await session.dispose();
      console.log(live());`);
    expect(end).toEqual(ended('right,right,right 1\n0\n'));
  }, 60_000);

  test('stays for the others when one thread is done with it', async () => {
    const end = await program(`
      const session = await InferenceSession.create(${JSON.stringify(ADD)});
      const shared = session.share();
      const worker = start(${JSON.stringify(
        ATTACH +
          `parentPort.postMessage('attached');
        await once(parentPort, 'message');
        const [{ data }] = Object.values(await session.run({ a: x(1), b: x(2) }));
        parentPort.postMessage(data[0]);
        await session.dispose();
        parentPort.postMessage('disposed');
        parentPort.unref();`,
      )}, shared);
      await once(worker, 'message');
      await session.dispose();
      console.log('here:', await session.run({}).catch(({ code }) => code), live());
      const said = [];
      worker.on('message', (value) => said.push(value));
      worker.postMessage('go on');
      await once(worker, 'exit');
      console.log('there:', said.join(), live());
      console.log(await InferenceSession.attach(shared).catch(({ code }) => code));`);
    expect(end).toEqual(ended('here: DISPOSED 1\nthere: 3,disposed 0\nDISPOSED\n'));
  }, 60_000);

  test('outlives a thread that is terminated while it runs', async () => {
    const end = await program(`
      const session = await InferenceSession.create(${JSON.stringify(SLOW)});
      for (let i = 0; i < 5; i += 1) {
        const worker = start(${JSON.stringify(ATTACH + `session.run(loops(1e12)); parentPort.postMessage('');`)}, session.share());
        await once(worker, 'message');
        await worker.terminate();
      }
      await settled(() => addon.liveCounts().operations === 0);
      console.log(Object.keys(await session.run(loops(1))).length, live());
      await session.dispose();
      console.log(live());`);
    expect(end).toEqual(ended('1 1\n0\n'));
  }, 60_000);

  test('waits in dispose() for the runs of its own thread alone', async () => {
    const end = await program(`
      const session = await InferenceSession.create(${JSON.stringify(SLOW)});
      const worker = start(${JSON.stringify(ATTACH + `session.run(loops(1e12)); parentPort.postMessage('');`)}, session.share());
      await once(worker, 'message');
      const ends = [];
      const run = session.run(loops(3000)).then(() => ends.push('run'));
      await session.dispose().then(() => ends.push('disposed'));
      await run;
      console.log(ends.join(), live());
      await worker.terminate();
      await settled(() => live() === 0);
      console.log(live());`);
    expect(end).toEqual(ended('run,disposed 1\n0\n'));
  }, 60_000);

  test('has limits of its own in each, and the constraints of the model everywhere', async () => {
    const end = await program(`
      const session = await InferenceSession.create(${JSON.stringify(ADD)}, {
        constraints: { a: { values: { max: 10 } } },
        maxConcurrency: 1,
      });
      const worker = start(${JSON.stringify(`
        const session = await InferenceSession.attach(workerData, { maxConcurrency: 1, maxQueue: 0 });
        const x = (value) => new Tensor('float32', new Float32Array(4).fill(value), [1, 4]);
        const code = (work) => work.then(() => 'fine', ({ code }) => code);
        const first = code(session.run({ a: x(11), b: x(1) }));
        const codes = [await first];
        const together = [session.run({ a: x(1), b: x(1) }), session.run({ a: x(1), b: x(1) })];
        codes.push(...await Promise.all(together.map(code)));
        const { runs, errors } = await session.metrics();
        parentPort.postMessage(JSON.stringify({ codes, faults: (await session.validate({ a: x(11), b: x(1) })).length, runs, errors }));
      `)}, session.share());
      console.log((await once(worker, 'message')).join());
      console.log((await session.metrics()).runs);
      await session.dispose();`);
    expect(end).toEqual(
      ended(
        '{"codes":["INVALID_INPUT","fine","QUEUE_FULL"],"faults":1,"runs":1,"errors":{"INVALID_INPUT":1,"QUEUE_FULL":1}}\n0\n',
      ),
    );
  }, 60_000);
});

describe('what attach() is given', () => {
  const shared = async (): Promise<{ session: InferenceSession; token: SharedSession }> => {
    const session = await InferenceSession.create(ADD);
    return { session, token: session.share() };
  };

  test('is the same session in this thread, too, with the same report', async () => {
    const { session, token } = await shared();
    expect(session.share().token).toBe(token.token);
    const other = await InferenceSession.attach(structuredClone(token));
    expect(other.inputMetadata).toEqual(session.inputMetadata);
    expect({ ...other.report, phases: {} }).toEqual({ ...session.report, phases: {} });
    await session.dispose();
    const ones = new Tensor('float32', new Float32Array(4).fill(1), [1, 4]);
    const [sum] = Object.values(await other.run({ a: ones, b: ones }));
    expect((sum as Tensor).data).toEqual(new Float32Array(4).fill(2));
    expect(() => session.share()).toThrow('disposed');
    await other.dispose();
    const { code, hint } = await failure(InferenceSession.attach(token));
    expect(code).toBe('DISPOSED');
    expect(hint).toContain('until');
  });

  test.each([[undefined], [null], ['1:1'], [{}], [{ token: 3, report: {} }]])(
    '%j is told what was expected',
    async (wrong) => {
      const { code, message } = await failure(InferenceSession.attach(wrong as never));
      expect(code).toBe('INVALID_INPUT');
      expect(message).toContain('session.share()');
    },
  );

  test('with a report that lost its way leaves nothing behind', async () => {
    const { session, token } = await shared();
    const wrong = { ...token, report: { providers: {} } };
    expect((await failure(InferenceSession.attach(wrong as never))).code).toBe('INVALID_INPUT');
    await session.dispose();
    expect((await failure(InferenceSession.attach(token))).code).toBe('DISPOSED');
  });

  test('does not end the recording of another thread', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'infercore-'));
    const session = await InferenceSession.create(ADD, {
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    });
    const warnings: string[] = [];
    const onWarning = ({ code }: { code: string }) => warnings.push(code);
    const other = await InferenceSession.attach(session.share(), { onWarning });
    expect(other.endProfiling()).toBeUndefined();
    expect(warnings).toEqual(['OPTION_NOT_SUPPORTED']);
    expect(session.endProfiling()).toContain(folder);
    await Promise.all([session.dispose(), other.dispose()]);
    rmSync(folder, { recursive: true });
  });

  test('of another process is not there', async () => {
    const { session, token } = await shared();
    const elsewhere = { ...token, token: `1:${token.token}` };
    expect((await failure(InferenceSession.attach(elsewhere))).code).toBe('DISPOSED');
    await session.dispose();
  });

  test('has no options of the loading', async () => {
    const { session, token } = await shared();
    const options = { executionProviders: ['cpu'], maxQueu: 3 };
    const error = await failure(InferenceSession.attach(token, options as never));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.faults?.map(({ path }) => path)).toEqual(['executionProviders', 'maxQueu']);
    expect(error.message).toContain('did you mean "maxQueue"');
    await session.dispose();
  });
});
