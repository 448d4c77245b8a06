/** What a session counts of its runs, and whom it tells of the slow ones. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { InferenceSession, pipeline, Tensor } from 'infercore';
import type { SessionOptions, SlowRun, Warning } from 'infercore';
import { errorOf, model } from './models';
import { testModel } from './model_paths';
import { besideAmbient, testIf } from './surroundings';

let session: InferenceSession;
async function create(name: string, options?: SessionOptions): Promise<InferenceSession> {
  session = await InferenceSession.create(model(name), options);
  return session;
}
afterEach(() => session.dispose());

const rows = (count: number) => ({
  x: new Tensor('float32', new Float32Array(count * 3), [count, 3]),
});
const loops = (iterations: number) => ({
  iterations: new Tensor('int64', BigInt64Array.of(BigInt(iterations)), []),
});
const ids = (batch: number, length: number) => {
  const list = () => new Tensor('int32', new Int32Array(batch * length).fill(1), [batch, length]);
  const position_ids = new Tensor('int64', new BigInt64Array(batch * length), [batch, length]);
  return { input_ids: list(), attention_mask: list(), token_type_ids: list(), position_ids };
};
/** Clocks of pages tell 0.1 ms apart: what shall be slow has to take longer. */
const LARGE = 2 ** 20;
const large = (...dims: number[]) => {
  return new Tensor('float32', new Float32Array(LARGE), dims.length > 0 ? dims : [LARGE]);
};
const TINY = 1e-6;
const LISTS = testModel('token-lists/onnx/model.onnx');

describe('metrics', () => {
  test('of a session that has done nothing', async () => {
    await create('any-rank');
    const { latencyMs, queueMs, runMs, ...counts } = await session.metrics();
    expect(counts).toEqual({
      runs: 0,
      errors: {},
      inFlight: 0,
      queued: 0,
      items: 0,
      tokens: 0,
      bytes: { in: 0, out: 0 },
      padding: { fed: 0, padded: 0, waste: 0 },
      slowRuns: 0,
    });
    for (const each of [latencyMs, queueMs, runMs]) expect(each.count).toBe(0);
  });

  test('runs, rows, bytes and times', async () => {
    await create('identity-float32');
    const x = new Tensor('float32', new Float32Array(6), [6]);
    for (let i = 0; i < 5; i += 1) await session.run({ x });
    const metrics = await session.metrics();
    expect(metrics.runs).toBe(5);
    expect(metrics.items).toBe(30);
    expect(metrics.bytes).toEqual({ in: 120, out: 120 });
    expect(metrics.tokens).toBe(0);
    const { latencyMs, queueMs, runMs } = metrics;
    expect([latencyMs.count, queueMs.count, runMs.count]).toEqual([5, 5, 5]);
    expect(queueMs.max).toBe(0);
    expect(latencyMs.sum).toBe(runMs.sum);
    expect(latencyMs.p50).toBeLessThanOrEqual(latencyMs.p99);
    expect(latencyMs.p99).toBeLessThanOrEqual(latencyMs.max);
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
  });

  test('tokens are rows times length of input_ids', async () => {
    session = await InferenceSession.create(LISTS);
    await session.run(ids(2, 5));
    await session.run(ids(1, 7));
    const { items, tokens } = await session.metrics();
    expect([items, tokens]).toEqual([3, 17]);
  });

  test('tensors for outputs count as what was given', async () => {
    await create('identity-float32');
    const y = new Tensor('float32', new Float32Array(3), [3]);
    await session.run({ x: new Tensor('float32', [1, 2, 3], [3]) }, { y });
    expect((await session.metrics()).bytes).toEqual({ in: 12, out: 12 });
  });

  test('strings, and a model without inputs', async () => {
    await create('identity-string');
    await session.run({ x: new Tensor('string', ['a', 'b'], [2]) });
    const { items, bytes } = await session.metrics();
    expect({ items, bytes }).toEqual({ items: 2, bytes: { in: 0, out: 0 } });
    await session.dispose();
    await create('no-input');
    await session.run({});
    expect((await session.metrics()).items).toBe(1);
  });

  testIf(TARGET === 'native', 'onnxruntime-web hands out tensors alone')(
    'sequences count by their tensors, maps not at all',
    async () => {
      await create('sequence-output');
      await session.run({ x: new Tensor('float32', [1, 2], [2]) });
      expect((await session.metrics()).bytes).toEqual({ in: 8, out: 8 });
      await session.dispose();
      await create('classifier');
      await session.run({ x: new Tensor('float32', new Float32Array(6), [2, 3]) });
      const { items, bytes } = await session.metrics();
      expect({ items, bytes }).toEqual({ items: 2, bytes: { in: 24, out: 16 } });
      await session.dispose();
      const heard: SlowRun[] = [];
      const onSlowRun = (run: SlowRun) => heard.push(run);
      await create('optional-input', { slowRunMs: TINY, onSlowRun });
      const parts = [1, 2].map((value) => new Tensor('float32', [value], [1]));
      await session.run({ x: new Tensor('float32', [1], [1]), parts });
      expect((await session.metrics()).bytes.in).toBe(12);
      expect(heard[0]?.shapes).toEqual({ x: [1], parts: [2] });
    },
  );

  test('errors by their code, each once, and no run of them', async () => {
    await create('fail-reshape');
    await errorOf(session.run({}), 'INVALID_INPUT');
    await errorOf(session.run({ x: new Tensor('int32', [1]) }), 'INVALID_INPUT');
    await errorOf(session.run({ x: new Tensor('float32', [1, 2], [2]) }), 'RUNTIME_ERROR');
    await errorOf(session.run(rows(1), { timeoutMs: -1 }), 'INVALID_OPTION');
    await errorOf(session.run(rows(1), { signal: AbortSignal.abort() }), 'ABORTED');
    await session.dispose();
    await errorOf(session.run(rows(1)), 'DISPOSED');
    const { runs, errors, items, latencyMs, inFlight, queued } = await session.metrics();
    expect(errors).toEqual({
      INVALID_INPUT: 2,
      RUNTIME_ERROR: 1,
      INVALID_OPTION: 1,
      ABORTED: 1,
      DISPOSED: 1,
    });
    expect([runs, items, latencyMs.count, inFlight, queued]).toEqual([0, 0, 0, 0, 0]);
  });

  test('what is under way and what waits', async () => {
    await create('slow', { maxConcurrency: 1, maxQueue: 2 });
    const work = [1, 2, 3].map(() => session.run(loops(20)));
    await errorOf(session.run(loops(2)), 'QUEUE_FULL');
    const during = await session.metrics();
    expect([during.inFlight, during.queued, during.runs]).toEqual([1, 2, 0]);
    await Promise.all(work);
    const { inFlight, queued, runs, errors, queueMs, latencyMs, runMs } = await session.metrics();
    expect([inFlight, queued, runs, errors]).toEqual([0, 0, 3, { QUEUE_FULL: 1 }]);
    expect(queueMs.max).toBeGreaterThan(0);
    expect(latencyMs.sum).toBeCloseTo(queueMs.sum + runMs.sum, 6);
  });

  test('a run that is aborted while it waits leaves the queue', async () => {
    await create('slow', { maxConcurrency: 1 });
    const controller = new AbortController();
    const first = session.run(loops(2));
    const second = session.run(loops(2), { signal: controller.signal });
    controller.abort();
    await errorOf(second, 'ABORTED');
    expect((await session.metrics()).queued).toBe(0);
    await first;
    const { runs, errors, inFlight } = await session.metrics();
    expect([runs, errors, inFlight]).toEqual([1, { ABORTED: 1 }, 0]);
  });

  test('leave out what belongs to the loading', async () => {
    const heard: SlowRun[] = [];
    await create('identity-float32', {
      warmup: [{ x: [3] }],
      slowRunMs: TINY,
      onSlowRun: (run) => heard.push(run),
    });
    expect((await session.metrics()).runs).toBe(0);
    expect(heard).toEqual([]);
    await session.warmup([{ x: [3] }]);
    expect((await session.metrics()).runs).toBe(1);
  });

  testIf(TARGET === 'native', 'runSync is NOT_SUPPORTED')('of runSync', async () => {
    await create('identity-float32');
    session.runSync({ x: new Tensor('float32', [1, 2, 3], [3]) });
    expect(() => session.runSync({})).toThrow();
    const { runs, errors, items, bytes } = await session.metrics();
    expect({ runs, errors, items, bytes }).toEqual({
      runs: 1,
      errors: { INVALID_INPUT: 1 },
      items: 3,
      bytes: { in: 12, out: 12 },
    });
  });

  test('of requests that ran together: each is a run, and the padding is told', async () => {
    session = await InferenceSession.create(LISTS);
    const batched = session.batched({ maxWaitMs: 500, maxBatch: 3 });
    await errorOf(batched.run({}), 'INVALID_INPUT');
    await Promise.all([batched.run(ids(1, 4)), batched.run(ids(2, 6))]);
    const { runs, items, tokens, padding, errors, queued, inFlight } = await session.metrics();
    expect([runs, items, tokens]).toEqual([2, 3, 16]);
    expect(padding).toEqual({ fed: 18, padded: 2, waste: 2 / 18 });
    expect(padding.waste).toBeCloseTo(batched.stats.paddingWaste, 12);
    expect([errors, queued, inFlight]).toEqual([{ INVALID_INPUT: 1 }, 0, 0]);
    await batched.dispose();
  });

  test('of a request that is aborted while its batch waits', async () => {
    session = await InferenceSession.create(LISTS, { maxConcurrency: 1 });
    const batched = session.batched({ maxBatch: 2 });
    const controller = new AbortController();
    const first = session.run(ids(4, 64));
    const second = batched.run(ids(1, 4), { signal: controller.signal });
    const third = batched.run(ids(1, 4));
    expect((await session.metrics()).queued).toBe(2);
    controller.abort();
    await errorOf(second, 'ABORTED');
    await Promise.all([first, third]);
    const { runs, errors, queued, inFlight } = await session.metrics();
    expect({ runs, errors, queued, inFlight }).toEqual({
      runs: 2,
      errors: { ABORTED: 1 },
      queued: 0,
      inFlight: 0,
    });
    await batched.dispose();
  });

  const inPage = testIf(!PLACE.options.worker, 'a pipeline in a worker shows no session');
  inPage('of a pipeline: texts, tokens, padding', async () => {
    const embed = await pipeline('feature-extraction', testModel('tiny-bert'));
    const { session: own, tokenizer } = embed;
    if (!own || !tokenizer) throw new Error('expected a session and a tokenizer');
    session = own;
    const texts = ['a', 'the quick brown fox', 'the fox'];
    await embed(texts);
    const { runs, items, tokens, padding, bytes } = await session.metrics();
    const real = texts.reduce((sum, text) => sum + tokenizer.encode(text).ids.length, 0);
    expect([runs, items, tokens]).toEqual([1, 3, real]);
    expect(padding.fed - padding.padded).toBe(real);
    expect(bytes.in).toBe(0);
    expect(bytes.out).toBeGreaterThan(0);
    await embed.dispose();
  });
});

describe('a slow run', () => {
  test('is told with its times and shapes', async () => {
    const heard: SlowRun[] = [];
    const onSlowRun = (run: SlowRun) => heard.push(run);
    await create('slow', { slowRunMs: TINY, maxConcurrency: 1, onSlowRun });
    await Promise.all([session.run(loops(20)), session.run(loops(20))]);
    expect(heard.map(({ operation, shapes, items }) => ({ operation, shapes, items }))).toEqual([
      { operation: 'run', shapes: { iterations: [] }, items: 1 },
      { operation: 'run', shapes: { iterations: [] }, items: 1 },
    ]);
    expect(heard[0]?.queueMs).toBe(0);
    expect(heard[1]?.queueMs).toBeGreaterThan(0);
    expect((await session.metrics()).slowRuns).toBe(2);
  });

  test('that fails is told with its code', async () => {
    const heard: SlowRun[] = [];
    await create('fail-reshape', { slowRunMs: TINY, onSlowRun: (run) => heard.push(run) });
    await errorOf(session.run({ x: large() }), 'RUNTIME_ERROR');
    expect(heard).toHaveLength(1);
    const [{ error, shapes, items }] = heard as [SlowRun];
    expect({ error, shapes, items }).toEqual({
      error: 'RUNTIME_ERROR',
      shapes: { x: [LARGE] },
      items: LARGE,
    });
  });

  test('and one that is not are told apart', async () => {
    const heard: SlowRun[] = [];
    await create('slow', { slowRunMs: 1e9, onSlowRun: (run) => heard.push(run) });
    await session.run(loops(1));
    expect(heard).toEqual([]);
    expect((await session.metrics()).slowRuns).toBe(0);
  });

  test('is a warning where nobody listens: the first told, the latest kept', async () => {
    const heard: Warning[] = [];
    const onWarning = (warning: Warning) => heard.push(warning);
    await create('any-rank', { slowRunMs: TINY, onWarning });
    const name = session.inputNames[0] ?? '';
    await session.run({ [name]: large(2, LARGE / 2) });
    await session.run({ [name]: large() });
    const [first, ...more] = besideAmbient(heard);
    expect(more).toEqual([]);
    expect(first?.code).toBe('SLOW_RUN');
    expect(first?.message).toMatch(
      /^a slow run: run of \w+ \[2, 524288\] took [\d.]+ ms, 0\.0 of them waiting \(slowRunMs 0\.000001\)$/,
    );
    const [kept] = besideAmbient(session.report.warnings);
    expect(kept?.message).toContain('[1048576]');
  });

  test('whose listener throws succeeds, with a warning', async () => {
    const heard: Warning[] = [];
    await create('identity-float32', {
      slowRunMs: TINY,
      onWarning: (warning) => heard.push(warning),
      onSlowRun: () => {
        throw new Error('mine');
      },
    });
    await session.run({ x: large() });
    expect(besideAmbient(heard).map(({ code, message }) => [code, message])).toEqual([
      ['CALLBACK_FAILED', 'onSlowRun has thrown: mine'],
    ]);
    const { runs, errors } = await session.metrics();
    expect([runs, errors]).toEqual([1, {}]);
  });

  test.each([0, -1, NaN, '5'])('slowRunMs %p is refused', async (slowRunMs) => {
    await create('add');
    const options = { slowRunMs } as SessionOptions;
    const error = await errorOf(InferenceSession.create(model('add'), options), 'INVALID_OPTION');
    expect(error.message).toContain('slowRunMs');
  });
});
