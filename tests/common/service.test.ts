/** One object for a back end: requests, health, a new version without a failed request, an end without one. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createService, InferError, ModelCache, Tensor, toPrometheus } from 'infercore';
import type { EmbeddingServiceOptions, Service, TensorServiceOptions, Warning } from 'infercore';
import { errorOf, faultsOf, model, modelBytes } from './models';
import { besideAmbient, testIf } from './surroundings';

const open: { drain(): Promise<unknown> }[] = [];
const caches: ModelCache[] = [];
const told: Warning[] = [];
/** Gives x back; the model `any-rank` gives x + 1. */
const SAME = model('identity-float32');
const NEXT = model('any-rank');

async function create(options: Partial<TensorServiceOptions> = {}): Promise<Service> {
  const onWarning = (warning: Warning): void => void told.push(warning);
  const service = await createService({ model: SAME, onWarning, ...options });
  open.push(service);
  return service;
}
afterEach(async () => {
  for (const service of open.splice(0)) await service.drain();
  for (const cache of caches.splice(0)) await cache.dispose();
  expect(besideAmbient(told.splice(0))).toEqual([]);
});

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const tensor = (...values: number[]) =>
  new Tensor('float32', Float32Array.from(values), [values.length]);
const x = (...values: number[]) => ({ x: tensor(...values) });
const known = (input: number, output: number) => ({
  inputs: x(input),
  expected: { y: tensor(output) },
});
const loops = (iterations: number) => ({
  iterations: new Tensor('int64', BigInt64Array.of(BigInt(iterations)), []),
});
/** As good as endless, for places that can end a run inside; elsewhere it would block the only thread. */
const ENDLESS = 1e9;
const testEnding = testIf(
  TARGET === 'native' || PLACE.options.worker === true,
  'a run on the only thread can not be ended',
);
async function valueOf(service: Service, value: number): Promise<number> {
  const { y } = await service.run(x(value));
  return Number((y as Tensor).data[0]);
}

describe('a service of tensors', () => {
  test('serves as the session would', async () => {
    const service = await create({ name: 'same', version: 'a' });
    expect(await valueOf(service, 3)).toBe(3);
    const { y } = await service.run(x(1, 2), ['y'], { tag: 'mine' });
    expect(y?.data).toEqual(Float32Array.of(1, 2));
    const given = tensor(0, 0);
    const outputs = await service.run(x(4, 5), { y: given });
    expect(outputs['y']).toBe(given);
    const { run } = service; // needs no `this`
    expect((await run(x(7), undefined as never, { timeoutMs: 60_000 }))['y']?.data[0]).toBe(7);
    expect(service.state).toBe('ready');
    expect(service.ready()).toBe(true);
    expect(await service.health()).toMatchObject({
      status: 'ok',
      ready: true,
      state: 'ready',
      reasons: [],
      name: 'same',
      version: 'a',
      loaded: true,
      target: TARGET,
      providers: PLACE.used,
      inFlight: 0,
      queued: 0,
      replacements: 0,
    });
    expect(JSON.parse(JSON.stringify(await service.health()))).toEqual(await service.health());
  });

  test('tells what is wrong with a request, and begins none that is ended', async () => {
    const service = await create({ model: model('slow') });
    await errorOf(service.run(x(1)), 'INVALID_INPUT');
    await errorOf(service.run(loops(1), { timeoutMs: -1 }), 'INVALID_OPTION');
    await errorOf(service.run(loops(1), { signal: 'no' as never }), 'INVALID_OPTION');
    await errorOf(service.run(loops(1), 'y' as never), 'INVALID_INPUT');
    const reason = new Error('the client went away');
    const aborted = await errorOf(
      service.run(loops(1), { signal: AbortSignal.abort(reason) }),
      'ABORTED',
    );
    expect(aborted.cause).toBe(reason);
    const { errors } = await service.metrics();
    expect(errors).toEqual({ INVALID_INPUT: 2, INVALID_OPTION: 2, ABORTED: 1 });
    // Callers' faults are none of the service's.
    expect(await service.health()).toMatchObject({ status: 'ok', reasons: [] });
  });

  testEnding('ends a request that runs', async () => {
    const service = await create({ model: model('slow') });
    const reason = new Error('the client went away');
    const controller = new AbortController();
    const work = service.run(loops(ENDLESS), { signal: controller.signal });
    setTimeout(() => {
      controller.abort(reason);
    }, 20);
    expect((await errorOf(work, 'ABORTED')).cause).toBe(reason);
    await errorOf(service.run(loops(ENDLESS), { timeoutMs: 20 }), 'TIMEOUT');
    const mine = new InferError({ code: 'INVALID_INPUT', message: 'mine' });
    const other = new AbortController();
    const ended = service.run(loops(ENDLESS), { signal: other.signal });
    other.abort(mine);
    expect((await errorOf(ended, 'ABORTED')).cause).toBe(mine);
    expect((await service.metrics()).errors).toEqual({ ABORTED: 2, TIMEOUT: 1 });
    expect(await service.health()).toMatchObject({ status: 'ok', inFlight: 0 });
  });

  testEnding('has a time limit for all requests, and limits of their number', async () => {
    const service = await create({
      model: model('slow'),
      timeoutMs: 300,
      maxConcurrency: 1,
      maxQueue: 1,
    });
    const first = errorOf(service.run(loops(ENDLESS)), 'TIMEOUT');
    const second = errorOf(service.run(loops(ENDLESS)), 'TIMEOUT');
    await errorOf(service.run(loops(1)), 'QUEUE_FULL');
    await after(0);
    expect(await service.health()).toMatchObject({ inFlight: 1, queued: 1, ready: true });
    await Promise.all([first, second]);
    expect((await service.metrics()).errors).toEqual({ QUEUE_FULL: 1, TIMEOUT: 2 });
  });

  test('runs requests of concurrent callers together', async () => {
    const service = await create({
      model: NEXT.replace('any-rank', 'add'),
      batching: { maxBatch: 4, maxWaitMs: 2147483647 },
    });
    const feeds = (value: number) => {
      const each = new Tensor('float32', new Float32Array(4).fill(value), [1, 4]);
      return { a: each, b: each };
    };
    const results = await Promise.all([1, 2, 3, 4].map((value) => service.run(feeds(value))));
    expect(results.map(({ sum }) => sum?.data[0])).toEqual([2, 4, 6, 8]);
    const { runs, padding } = await service.metrics();
    expect({ runs, fed: padding.fed }).toEqual({ runs: 4, fed: 4 });
    await errorOf(service.run({ a: feeds(1).a }), 'INVALID_INPUT');
  });
});

describe('options', () => {
  test("are the service's own from then on", async () => {
    const options = { model: SAME, name: 'mine' };
    const service = await createService(options);
    open.push(service);
    options.model = model('nowhere');
    await service.replace({ version: 'b' });
    expect(await valueOf(service, 1)).toBe(1);
  });

  testEnding('keep a limit of time that replace() gives as undefined', async () => {
    const service = await create({ model: model('slow'), timeoutMs: 50 });
    await service.replace({ timeoutMs: undefined } as never);
    await errorOf(service.run(loops(ENDLESS)), 'TIMEOUT');
  });

  test('may be of either kind', async () => {
    const either: TensorServiceOptions | EmbeddingServiceOptions = { model: SAME };
    const service = await createService(either);
    expect(await service.drain()).toEqual({ finished: 0, aborted: 0 });
  });
});

describe('known inputs', () => {
  test('that do not come out keep a service from serving', async () => {
    const knownInputs = [known(1, 1), known(2, 3)];
    const error = await errorOf(create({ knownInputs }), 'VERIFY_FAILED');
    expect(error.message).toContain('known inputs 1, output "y"');
  });

  test('are checked by a deep health check, which counts for nothing', async () => {
    const service = await create({ knownInputs: known(1, 1), maxConcurrency: 1, maxQueue: 0 });
    const before = await service.health();
    expect(before.knownInputs).toMatchObject({ matches: true });
    await Promise.all([service.health({ deep: true }), service.health({ deep: true })]);
    const { knownInputs, status } = await service.health({ deep: true });
    expect(status).toBe('ok');
    expect(knownInputs?.matches).toBe(true);
    expect(Date.parse(knownInputs?.at ?? '')).toBeGreaterThanOrEqual(
      Date.parse(before.knownInputs?.at ?? ''),
    );
    expect(await service.metrics()).toMatchObject({ runs: 0, errors: {}, inFlight: 0 });
  });

  test('that go wrong later make it fail, and right again make it serve', async () => {
    const changing = known(1, 1);
    const service = await create({ knownInputs: changing });
    changing.expected.y = tensor(5);
    const wrong = await service.health({ deep: true });
    expect(wrong).toMatchObject({ status: 'failing', ready: false });
    expect(wrong.reasons[0]).toContain('other outputs than expected');
    expect(wrong.knownInputs?.matches).toBe(false);
    expect(service.ready()).toBe(false);
    // A check that does not come to its end takes nothing back.
    const hasty = await service.health({ deep: true, timeoutMs: 1e-6 });
    expect(hasty).toMatchObject({ status: 'failing', ready: false });
    changing.expected.y = tensor(1);
    expect(await service.health()).toMatchObject({ status: 'failing', ready: false });
    expect(await service.health({ deep: true })).toMatchObject({ status: 'ok', reasons: [] });
    expect(service.ready()).toBe(true);
  });

  test('that only warn leave it serving, degraded', async () => {
    const service = await create({ knownInputs: { ...known(1, 2), onMismatch: 'warn' } });
    expect(besideAmbient(told.splice(0))).toMatchObject([{ code: 'VERIFY_FAILED' }]);
    const { status, ready, reasons } = await service.health();
    expect({ status, ready }).toEqual({ status: 'degraded', ready: true });
    expect(reasons[0]).toContain('output "y"');
  });

  testEnding('that take too long say nothing about the model', async () => {
    const slow = { inputs: loops(1), expected: {} as { y?: Tensor } };
    const service = await create({ model: model('slow'), knownInputs: [] });
    slow.expected.y = (await service.run(loops(1)))['y'] as Tensor;
    await service.replace({ knownInputs: slow });
    slow.inputs = loops(ENDLESS);
    const { status, ready, reasons } = await service.health({ deep: true, timeoutMs: 20 });
    expect({ status, ready }).toEqual({ status: 'degraded', ready: true });
    expect(reasons[0]).toContain('could not be checked: ');
    expect(await service.health({ deep: true, timeoutMs: 20 })).toMatchObject({ ready: true });
    slow.inputs = loops(1);
    expect(await service.health({ deep: true })).toMatchObject({ status: 'ok', reasons: [] });
  });

  testEnding('are checked once for all who ask, each within a time of its own', async () => {
    const slow = { inputs: loops(1), expected: {} as { y?: Tensor } };
    const service = await create({ model: model('slow') });
    slow.expected.y = (await service.run(loops(1)))['y'] as Tensor;
    await service.replace({ knownInputs: slow });
    slow.inputs = loops(ENDLESS);
    let patient: unknown;
    const long = service.health({ deep: true, timeoutMs: 60_000 }).then((it) => (patient = it));
    expect(await service.health({ deep: true, timeoutMs: 20 })).toMatchObject({
      status: 'degraded',
    });
    expect(patient).toBeUndefined();
    // drain() waits for none of them.
    await service.drain();
    expect(await long).toMatchObject({ ready: false });
  });
});

describe('a new version', () => {
  test('takes over without a failed request', async () => {
    const service = await create({ knownInputs: known(1, 1), maxConcurrency: 2 });
    let going = true;
    const seen = new Set<number>();
    const caller = async (start: number) => {
      for (let i = start; going; i += 1) {
        const difference = (await valueOf(service, i)) - i;
        expect([0, 1]).toContain(difference);
        seen.add(difference);
        await after(0);
      }
    };
    const callers = [10, 20, 30, 40].map(caller);
    const replaced = service.replace({ model: NEXT, version: 'next', knownInputs: known(1, 2) });
    expect(service.state).toBe('replacing');
    expect(service.ready()).toBe(true);
    await replaced;
    expect(service.state).toBe('ready');
    expect(await valueOf(service, 1)).toBe(2);
    await after(20);
    going = false;
    await Promise.all(callers);
    expect([...seen].sort()).toEqual([0, 1]);
    expect(await service.health()).toMatchObject({ version: 'next', replacements: 1 });
    const { runs, errors } = await service.metrics();
    expect(errors).toEqual({});
    expect(runs).toBeGreaterThan(8);
  });

  test('leaves what runs on the old one its answer', async () => {
    const service = await create({ model: model('slow') });
    const work = service.run(loops(TARGET === 'native' ? 5000 : 100));
    await service.replace({ model: SAME });
    expect(await valueOf(service, 2)).toBe(2);
    expect((await work)['y']?.data).toHaveLength(1);
  });

  test('that is none leaves the old one, and health says so', async () => {
    const service = await create({ version: 'good', knownInputs: known(1, 1) });
    const unfit = await errorOf(service.replace({ model: NEXT, version: 'bad' }), 'VERIFY_FAILED');
    expect(unfit.message).toContain('other outputs');
    await errorOf(service.replace({ model: model('nowhere') }), 'NOT_FOUND');
    const { status, ready, reasons, version } = await service.health({ deep: true });
    expect({ status, ready, version }).toEqual({
      status: 'degraded',
      ready: true,
      version: 'good',
    });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain('version good serves on: version 3: ');
    expect(await valueOf(service, 2)).toBe(2);
    await service.replace({ model: NEXT, knownInputs: [] });
    expect(await service.health()).toMatchObject({ status: 'ok', version: '4' });
    expect(await valueOf(service, 2)).toBe(3);
  });

  test('keeps what is left out, and has a version and a signal of its own', async () => {
    const signal = new AbortController();
    const service = await create({ version: 'a', signal: signal.signal, knownInputs: known(1, 1) });
    signal.abort();
    await service.replace({ timeoutMs: 60_000 });
    // What is undefined is left out, too.
    await errorOf(
      service.replace({ model: model('nowhere'), timeoutMs: undefined } as never),
      'NOT_FOUND',
    );
    await service.replace({ model: undefined, version: '2', knownInputs: undefined } as never);
    expect(await service.health()).toMatchObject({
      version: '2',
      status: 'ok',
      knownInputs: { matches: true },
    });
    const reason = new Error('never mind');
    const error = await errorOf(service.replace({ signal: AbortSignal.abort(reason) }), 'ABORTED');
    expect(error.cause).toBe(reason);
    expect(await service.health()).toMatchObject({ version: '2', status: 'ok', state: 'ready' });
  });

  test('gives way to a later one', async () => {
    const service = await create();
    const first = errorOf(service.replace({ model: SAME, version: 'first' }), 'ABORTED');
    const second = service.replace({ model: NEXT, version: 'second' });
    expect((await first).message).toContain('a later replace() began');
    await second;
    expect(service.version).toBe('second');
    expect(await valueOf(service, 1)).toBe(2);
    expect(await service.health()).toMatchObject({ status: 'ok', replacements: 1 });
  });

  test('counts on where the old one ended', async () => {
    const service = await create();
    await valueOf(service, 1);
    await service.replace({ model: NEXT });
    await valueOf(service, 1);
    await errorOf(service.run({}), 'INVALID_INPUT');
    const metrics = await service.metrics();
    expect(metrics).toMatchObject({ runs: 2, items: 2, errors: { INVALID_INPUT: 1 }, inFlight: 0 });
    expect(metrics.latencyMs.count).toBe(2);
    const text = toPrometheus(metrics, { service: service.name });
    expect(text).toContain('infercore_runs_total{service="service"} 2\n');
    expect(text).toContain('infercore_errors_total{service="service",code="INVALID_INPUT"} 1\n');
  });
});

describe('drain', () => {
  test('lets what is under way end, and takes nothing new', async () => {
    const service = await create({ model: model('slow'), maxConcurrency: 1 });
    const iterations = TARGET === 'native' ? 5000 : 50;
    const works = [1, 2, 3].map(() => service.run(loops(iterations)));
    const drained = service.drain();
    expect(service.state).toBe('draining');
    expect(service.ready()).toBe(false);
    const error = await errorOf(service.run(loops(1)), 'DISPOSED');
    expect(error.message).toContain('"service" is draining: it takes no new requests');
    await errorOf(service.replace({ model: SAME }), 'DISPOSED');
    expect(await service.health({ deep: true })).toMatchObject({
      status: 'degraded',
      ready: false,
      state: 'draining',
      reasons: ['the service is draining: it takes no new requests'],
    });
    expect(await drained).toEqual({ finished: 3, aborted: 0 });
    for (const { y } of await Promise.all(works)) expect(y?.data).toHaveLength(1);
    expect(service.state).toBe('stopped');
    expect(await service.drain({ timeoutMs: 1 })).toEqual({ finished: 3, aborted: 0 });
    expect(await service.health()).toMatchObject({ loaded: false, ready: false, state: 'stopped' });
    await errorOf(service.run(loops(1)), 'DISPOSED');
    expect((await service.metrics()).errors).toEqual({ DISPOSED: 2 }); // replace() is no request
  });

  testEnding('aborts what takes longer, in its own words', async () => {
    const service = await create({ model: model('slow'), maxConcurrency: 1, drainTimeoutMs: 50 });
    const works = [1, 2].map(() => errorOf(service.run(loops(ENDLESS)), 'DISPOSED'));
    const own = new AbortController();
    works.push(errorOf(service.run(loops(ENDLESS), { signal: own.signal }), 'DISPOSED'));
    expect(await service.drain()).toEqual({ finished: 0, aborted: 3 });
    for (const { message } of await Promise.all(works)) {
      expect(message).toContain('the 50 ms for what was under way are over');
    }
  });

  test('ends a replacement, and is what `await using` calls', async () => {
    const service = await create();
    const replaced = errorOf(service.replace({ model: NEXT }), 'ABORTED');
    await service[Symbol.asyncDispose]();
    expect((await replaced).message).toContain('the service is drained');
    expect(service.state).toBe('stopped');
  });
});

/** Takes far longer than a millisecond to load. */
const SLOW_LOAD = {
  model: model('add'),
  warmup: Array.from({ length: 500 }, () => ({ a: [64, 4], b: [64, 4] })),
};
const rows = () => {
  const each = new Tensor('float32', new Float32Array(4), [1, 4]);
  return { a: each, b: each };
};

describe('a cache', () => {
  test('may be shared: its limits hold for all, and what was ended comes back', async () => {
    const cache = new ModelCache({ maxModels: 1 });
    caches.push(cache);
    const [one, two] = [await create({ cache }), await create({ cache, model: NEXT })];
    expect(cache.metrics()).toMatchObject({ models: 1, evictions: 1 });
    expect(await one.health()).toMatchObject({ loaded: false, status: 'ok', ready: true });
    expect([await valueOf(one, 1), await valueOf(two, 1), await valueOf(one, 1)]).toEqual([
      1, 2, 1,
    ]);
    expect(cache.metrics().loads).toBe(5);
    expect((await one.metrics()).runs).toBe(2);
    await one.drain();
    expect(await valueOf(two, 3)).toBe(4);
    await two.drain();
    expect(cache.metrics()).toMatchObject({ models: 0, leased: 0 });
  });

  test('keeps the old version while the new one is loaded', async () => {
    const cache = new ModelCache({ maxModels: 1 });
    caches.push(cache);
    const service = await create({ cache });
    const replaced = service.replace({ model: NEXT });
    expect(await valueOf(service, 1)).toBe(1);
    await replaced;
    expect(await valueOf(service, 1)).toBe(2);
    expect(cache.metrics()).toMatchObject({ models: 1, loads: 2, evictions: 0 });
  });

  test('of its own may end the model when nobody asks for it', async () => {
    const service = await create({ cache: { ttlMs: 20 }, knownInputs: known(1, 1) });
    while ((await service.health()).loaded) await after(10);
    expect(await valueOf(service, 4)).toBe(4);
    expect(await service.health({ deep: true })).toMatchObject({ loaded: true, status: 'ok' });
  });

  test('that ended the model: a load outlives the patience of who asked for it', async () => {
    const cache = new ModelCache({ ttlMs: 1 });
    caches.push(cache);
    const service = await create({ cache, ...SLOW_LOAD, maxConcurrency: 1 });
    const unload = async () => {
      while ((await service.health()).loaded) await after(5);
    };
    await unload();
    const late = await errorOf(service.run(rows(), { timeoutMs: 1 }), 'TIMEOUT');
    expect(late.message).toBe('the request took longer than 1 ms');
    while (cache.metrics().loads < 2) await after(5);
    await unload();
    // A health check in vain is forgotten as soon as the model is there.
    const hasty = await service.health({ deep: true, timeoutMs: 1 });
    expect(hasty).toMatchObject({ status: 'degraded', ready: true });
    expect(hasty.reasons[0]).toContain('could not be checked: the health check took longer than');
    expect(await service.health({ deep: true, timeoutMs: 60_000 })).toMatchObject({ status: 'ok' });
    expect((await service.metrics()).errors).toEqual({ TIMEOUT: 1 });
  });

  test('that ended the model: no more wait for it than the queue takes', async () => {
    const limits = { maxConcurrency: 1, maxQueue: 1 };
    const service = await create({ cache: { ttlMs: 1 }, ...SLOW_LOAD, ...limits });
    while ((await service.health()).loaded) await after(5);
    const works = [1, 2].map(() => service.run(rows()));
    const full = await errorOf(service.run(rows()), 'QUEUE_FULL');
    expect(full.message).toContain('2 wait for the model to be loaded again');
    expect(await service.health()).toMatchObject({ queued: 2, inFlight: 0 });
    for (const { sum } of await Promise.all(works)) expect(sum?.dims).toEqual([1, 4]);
    expect((await service.metrics()).errors).toEqual({ QUEUE_FULL: 1 });
  });

  test('that its owner disposed makes the service fail', async () => {
    const cache = new ModelCache();
    const service = await create({ cache });
    await cache.dispose();
    expect(service.ready()).toBe(false);
    await errorOf(service.run(x(1)), 'DISPOSED');
    for (const deep of [false, true]) {
      const { status, reasons } = await service.health({ deep });
      expect(status).toBe('failing');
      expect(reasons[0]).toContain('the cache was disposed');
    }
  });

  test('that could not load the model again tries it anew while health is asked for', async () => {
    const bytes = modelBytes('identity-float32').slice();
    const good = bytes.slice();
    const service = await create({ cache: { ttlMs: 1 }, model: bytes });
    while ((await service.health()).loaded) await after(5);
    bytes.fill(0);
    await errorOf(service.run(x(1)), 'NOT_A_MODEL');
    expect(service.ready()).toBe(false);
    bytes.set(good);
    while (!service.ready()) await after(50);
    expect(await service.health()).toMatchObject({ status: 'ok', ready: true });
  });

  test('that can not load the model again makes the service fail, until it can', async () => {
    const cache = new ModelCache({ maxModels: 1 });
    caches.push(cache);
    const bytes = modelBytes('identity-float32').slice();
    const good = bytes.slice();
    const one = await create({ cache, model: bytes });
    const two = await create({ cache, model: NEXT });
    bytes.fill(0);
    await errorOf(one.run(x(1)), 'NOT_A_MODEL');
    expect((await one.metrics()).errors).toEqual({ NOT_A_MODEL: 1 });
    const { status, ready, reasons } = await one.health();
    expect({ status, ready }).toEqual({ status: 'failing', ready: false });
    expect(reasons[0]).toContain('the model can not be loaded: ');
    expect(await two.health()).toMatchObject({ status: 'ok' });
    bytes.set(good);
    expect(await one.health({ deep: true })).toMatchObject({ status: 'ok', ready: true });
  });
});

describe('health', () => {
  test('tells of requests that fail in the runtime, until one does not', async () => {
    // A GPU gives zeros for what is out of range.
    const executionProviders = [TARGET === 'native' ? 'cpu' : 'wasm'];
    const service = await create({ model: model('fail-gather'), executionProviders });
    const at = (index: number) => ({
      index: new Tensor('int64', BigInt64Array.of(BigInt(index)), [1]),
    });
    for (let i = 0; i < 3; i += 1) await errorOf(service.run(at(9)), 'RUNTIME_ERROR');
    const { status, ready, reasons } = await service.health();
    expect({ status, ready }).toEqual({ status: 'degraded', ready: true });
    expect(reasons[0]).toContain('the last 3 requests failed: ');
    await service.run(at(1));
    expect(await service.health()).toMatchObject({ status: 'ok' });
  });

  test('tells of a provider that was asked for and is not used', async () => {
    const missing = TARGET === 'native' ? 'cuda' : 'dml';
    const executionProviders = [missing, TARGET === 'native' ? 'cpu' : 'wasm'];
    const service = await create({ executionProviders });
    expect(besideAmbient(told.splice(0)).length).toBeGreaterThan(0);
    const { status, reasons } = await service.health();
    expect(status).toBe('degraded');
    expect(reasons[0]).toContain(`${missing} is not used: `);
    const tolerant = await create({ executionProviders, fallback: 'allow' });
    expect(await tolerant.health()).toMatchObject({ status: 'ok' });
  });
});

describe('wrong use', () => {
  test('of options is told at once, with what was meant', async () => {
    const faults = await faultsOf(
      createService({
        mdoel: 'x',
        timeoutMs: 0,
        loadTimeoutMs: 'soon',
        drainTimeoutMs: -1,
        maxConcurrency: 0,
        verify: [],
        providers: ['cpu'],
        maxQueu: 3,
        name: 7,
        cache: { maxModel: 3 },
        batching: { maxBatch: 0 },
        knownInputs: { inputs: {} },
        onWarning: 'x',
        executionProviders: 'cuda',
      } as never),
      'INVALID_OPTION',
    );
    for (const expected of [
      /unknown option "mdoel" \(did you mean "model"\?\)/,
      /for model, or task: 'feature-extraction', received undefined/,
      /for timeoutMs, received 0/,
      /for loadTimeoutMs, received "soon"/,
      /for drainTimeoutMs, received -1/,
      /for maxConcurrency, received 0/,
      /unknown option "verify" \(did you mean "knownInputs"\?\)/,
      /unknown option "providers" \(did you mean "executionProviders"\?\)/,
      /unknown option "maxQueu" \(did you mean "maxQueue"\?\)/,
      /a string for name, received 7/,
      /unknown option "maxModel" \(did you mean "maxModels"\?\)/,
      /for maxBatch, received 0/,
      /an object for knownInputs.expected, received undefined/,
      /a function for onWarning, received "x"/,
      /executionProviders/,
    ]) {
      expect(faults).toContainEqual(expect.stringMatching(expected));
    }
  });

  test.each([undefined, null, 'model.onnx', []])('of %j as options', async (options) => {
    await errorOf(createService(options as never), 'INVALID_OPTION');
  });

  test('of a queue that none may wait in, with batching', async () => {
    const faults = await faultsOf(create({ batching: true, maxQueue: 0 }), 'INVALID_OPTION');
    expect(faults[0]).toContain('for maxQueue, received 0');
  });

  test('of batching with a model that has no rows', async () => {
    await errorOf(create({ model: model('fixed'), batching: true }), 'NOT_SUPPORTED');
  });

  test('of a model that is none, and a signal', async () => {
    await errorOf(create({ model: model('nowhere') }), 'NOT_FOUND');
    const reason = new Error('stop');
    const error = await errorOf(create({ signal: AbortSignal.abort(reason) }), 'ABORTED');
    expect(error.message).toBe('loading the model was aborted');
    expect(error.cause).toBe(reason);
  });

  testEnding('of a time that is too short for loading', async () => {
    const slow = { inputs: loops(ENDLESS), expected: { y: new Tensor('float32', [0], []) } };
    const options = { model: model('slow'), knownInputs: slow, loadTimeoutMs: 1000 };
    const late = await errorOf(create(options), 'TIMEOUT');
    expect(late.message).toBe('loading the model took longer than 1000 ms');
  });

  test('of replace, health and drain', async () => {
    const service = await create();
    const faults = await faultsOf(
      service.replace({ task: 'feature-extraction', cache: {}, name: 'x' } as never),
      'INVALID_OPTION',
    );
    expect(faults).toHaveLength(3);
    expect(faults[0]).toContain('task can not be replaced: it belongs to the service');
    await errorOf(service.replace({ modle: SAME } as never), 'INVALID_OPTION');
    await errorOf(service.replace(undefined as never), 'INVALID_OPTION');
    await errorOf(service.health({ depp: true } as never), 'INVALID_OPTION');
    await errorOf(service.health({ timeoutMs: 0 }), 'INVALID_OPTION');
    await errorOf(service.drain({ timeoutMs: NaN }), 'INVALID_OPTION');
    expect(await service.health()).toMatchObject({ status: 'ok', state: 'ready' });
  });
});
