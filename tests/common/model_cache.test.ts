/** Models that are loaded once, kept within limits, and never disposed while in use. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { InferenceSession, ModelCache, Tensor, pipeline } from 'infercore';
import type { LoadModel, ModelCacheOptions, ModelLease, Warning } from 'infercore';
import { readFileSync } from 'node:fs';
import { defaultModel, testModel } from './model_paths';
import { errorOf, faultsOf, model, modelBytes } from './models';
import { seeded } from './random';
import { testQuick } from './surroundings';

const open: ModelCache[] = [];
const told: Warning[] = [];
function create(options: ModelCacheOptions = {}) {
  const cache = new ModelCache({ onWarning: (warning) => told.push(warning), ...options });
  open.push(cache);
  return cache;
}
afterEach(async () => {
  for (const cache of open.splice(0)) await cache.dispose();
  expect(told.splice(0)).toEqual([]);
});

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Stands for a session: counts its disposals. */
class Fake {
  disposals = 0;
  constructor(
    readonly name: string,
    readonly bytes = 1,
  ) {}
  dispose(): Promise<void> {
    this.disposals += 1;
    return Promise.resolve();
  }
}

const of =
  (fake: Fake): LoadModel<Fake> =>
  () => ({ value: fake, bytes: fake.bytes });

/** A load that ends when the test says so. */
function pending() {
  let finish!: (fake: Fake) => void;
  let fail!: (error: unknown) => void;
  const gate = new Promise<Fake>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const state = { calls: 0, signal: undefined as AbortSignal | undefined };
  const load: LoadModel<Fake> = async ({ signal }) => {
    state.calls += 1;
    state.signal = signal;
    const value = await gate;
    return { value, bytes: value.bytes };
  };
  return { load, finish, fail, state };
}

/** Loads and releases at once: what is left is idle. */
async function touch(cache: ModelCache, fake: Fake) {
  const lease = await cache.acquire(fake.name, of(fake));
  lease.release();
}
const fakes = (...names: string[]) => names.map((name) => new Fake(name));
const disposals = (list: readonly Fake[]) => list.map((fake) => fake.disposals);

describe('a model', () => {
  test('is loaded once for concurrent callers, and later ones', async () => {
    const cache = create();
    const { load, finish, state } = pending();
    const fake = new Fake('a');
    const works = [cache.acquire('a', load), cache.acquire('a', load), cache.acquire('a', load)];
    await after(0);
    expect(cache.has('a')).toBe(false);
    finish(fake);
    const leases = [...(await Promise.all(works)), await cache.acquire('a', load)];
    expect(leases.map(({ value }) => value)).toEqual([fake, fake, fake, fake]);
    expect(state.calls).toBe(1);
    expect(cache.metrics()).toMatchObject({ hits: 1, misses: 3, loads: 1, models: 1, leased: 1 });
    for (const lease of leases) lease.release();
    expect(cache.metrics()).toMatchObject({ models: 1, leased: 0 });
    expect([cache.has('a'), cache.has('b')]).toEqual([true, false]);
    expect(fake.disposals).toBe(0);
  });

  test('may be a session: its bytes are those of its file', async () => {
    const cache = create({ maxBytes: 1e9 });
    const lease = await cache.acquire('add', ({ signal }) =>
      InferenceSession.create(model('add'), { signal }),
    );
    const session = lease.value;
    expect(session.report.modelBytes).toBe(modelBytes('add').length);
    expect(cache.metrics()).toMatchObject({ bytes: modelBytes('add').length, loads: 1 });
    expect(cache.metrics().loadMs.max).toBeGreaterThan(0);
    const x = new Tensor('float32', Float32Array.of(1, 2, 3, 4), [1, 4]);
    const { sum } = await session.run({ a: x, b: x });
    expect(sum?.data).toEqual(Float32Array.of(2, 4, 6, 8));
    await lease[Symbol.asyncDispose]();
    await cache.delete('add');
    await errorOf(session.run({ a: x, b: x }), 'DISPOSED');
  });

  test('may be a session with external data, which count', async () => {
    const cache = create({ maxBytes: 1e9 });
    const bytes = modelBytes('external-data/model');
    const address = testModel('external-data/weights.bin');
    const data = new Uint8Array(readFileSync(address));
    for (const [key, given] of [
      ['by their address', [{ path: 'weights.bin', data: address }]],
      ['as bytes', [{ path: 'weights.bin', data }]],
    ] as const) {
      const load = () => InferenceSession.create(bytes, { externalData: given });
      const lease = await cache.acquire(key, load);
      expect(lease.value.report.modelBytes).toBe(bytes.length + data.length);
      lease.release();
    }
    expect(cache.metrics().bytes).toBe(2 * (bytes.length + data.length));
  });

  testQuick('may be a pipeline', async () => {
    const cache = create({ maxBytes: 1e9 });
    const lease = await cache.acquire('embed', ({ signal }) =>
      pipeline('feature-extraction', defaultModel, { signal }),
    );
    expect((await lease.value('a cat')).dims[0]).toBe(1);
    expect(cache.metrics().bytes).toBe(lease.value.report.modelBytes);
    expect(cache.metrics().bytes).toBeGreaterThan(1e5);
    lease.release();
  });
});

describe('the limits', () => {
  test('end what was used longest ago, by number', async () => {
    const cache = create({ maxModels: 2 });
    const [a, b, c] = fakes('a', 'b', 'c') as [Fake, Fake, Fake];
    await touch(cache, a);
    await touch(cache, b);
    await touch(cache, a);
    await touch(cache, c);
    expect(disposals([a, b, c])).toEqual([0, 1, 0]);
    expect(cache.metrics()).toMatchObject({ evictions: 1, models: 2, hits: 1, misses: 3 });
  });

  test('end it before another is loaded', async () => {
    const cache = create({ maxModels: 1 });
    const [a, b] = fakes('a', 'b') as [Fake, Fake];
    await touch(cache, a);
    const lease = await cache.acquire('b', () => {
      expect(a.disposals).toBe(1);
      return b;
    });
    lease.release();
  });

  test('end as many as needed, by bytes', async () => {
    const cache = create({ maxBytes: 10 });
    const list = [new Fake('a', 4), new Fake('b', 3), new Fake('c', 3), new Fake('d', 6)];
    for (const fake of list) await touch(cache, fake);
    expect(disposals(list)).toEqual([1, 1, 0, 0]);
    expect(cache.metrics()).toMatchObject({ bytes: 9, models: 2, evictions: 2 });
  });

  test('do not count what has no bytes, and keep no model that is larger', async () => {
    const cache = create({ maxBytes: 10 });
    const [large, none] = [new Fake('large', 11), new Fake('none', 0)] as const;
    await touch(cache, none);
    const lease = await cache.acquire('large', of(large));
    expect(cache.metrics()).toMatchObject({ bytes: 11, models: 1, leased: 1 });
    lease.release();
    expect(cache.metrics()).toMatchObject({ bytes: 0, models: 0, evictions: 2 });
    expect(disposals([large, none])).toEqual([1, 1]);
  });

  test('give way to leases, and are kept again when those end', async () => {
    const cache = create({ maxModels: 1, maxBytes: 5 });
    const list = [new Fake('a', 4), new Fake('b', 4), new Fake('c', 4)];
    const leases = [];
    for (const fake of list) leases.push(await cache.acquire(fake.name, of(fake)));
    expect(cache.metrics()).toMatchObject({ models: 3, bytes: 12, leased: 3, evictions: 0 });
    leases[1]?.release();
    expect(disposals(list)).toEqual([0, 1, 0]);
    leases[0]?.release();
    leases[2]?.release();
    expect(disposals(list)).toEqual([1, 1, 0]);
    expect(cache.metrics()).toMatchObject({ models: 1, bytes: 4, leased: 0 });
  });

  test('end what nobody used for ttlMs, and not what is leased', async () => {
    const cache = create({ ttlMs: 30 });
    const [a, b] = fakes('a', 'b') as [Fake, Fake];
    const lease = await cache.acquire('a', of(a));
    await touch(cache, b);
    await after(15);
    expect(b.disposals).toBe(0);
    await after(120);
    expect(disposals([a, b])).toEqual([0, 1]);
    expect(cache.metrics()).toMatchObject({ models: 1, evictions: 1 });
    lease.release();
    await after(120);
    expect(cache.metrics()).toMatchObject({ models: 0, evictions: 2 });
  });
});

describe('a lease', () => {
  test('may be released twice, and gives nothing afterwards', async () => {
    const cache = create({ maxModels: 1 });
    const [a, b] = fakes('a', 'b') as [Fake, Fake];
    const [first, second] = [await cache.acquire('a', of(a)), await cache.acquire('a', of(a))];
    first.release();
    first.release();
    await first[Symbol.asyncDispose]();
    expect(first.released).toBe(true);
    // A second release that counted would have made it idle.
    await touch(cache, b);
    expect(second.value.disposals).toBe(0);
    const error = await errorOf(
      Promise.resolve().then(() => first.value),
      'DISPOSED',
    );
    expect(error.message).toContain('"a"');
    second.release();
  });
});

describe('a load that fails', () => {
  test('tells all who waited, and is tried again by the next', async () => {
    const cache = create();
    const { load, fail } = pending();
    const works = [cache.acquire('a', load), cache.acquire('a', load)];
    const reason = new Error('no such host');
    fail(reason);
    const ends = await Promise.allSettled(works);
    expect(ends).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    expect(cache.metrics()).toMatchObject({ failures: 1, loads: 0, models: 0 });
    await touch(cache, new Fake('a'));
    expect(cache.metrics()).toMatchObject({ failures: 1, loads: 1, models: 1 });
  });

  test('may throw at once, or be that of a session', async () => {
    const cache = create();
    const reason = new Error('at once');
    const load = () => {
      throw reason;
    };
    await expect(cache.acquire('a', load)).rejects.toBe(reason);
    await errorOf(
      cache.acquire('b', () => InferenceSession.create(new Uint8Array(8))),
      'NOT_A_MODEL',
    );
  });
});

describe('an abort', () => {
  test('of one caller ends its own waiting alone', async () => {
    const cache = create();
    const { load, finish, state } = pending();
    const controller = new AbortController();
    const aborted = errorOf(cache.acquire('a', load, { signal: controller.signal }), 'ABORTED');
    const late = errorOf(cache.acquire('a', load, { timeoutMs: 5 }), 'TIMEOUT');
    const waiting = cache.acquire('a', load);
    await after(20);
    controller.abort();
    expect((await aborted).message).toContain('"a"');
    await late;
    expect(state.signal?.aborted).toBe(false);
    finish(new Fake('a'));
    const lease = await waiting;
    lease.release();
  });

  test('of all aborts the load, and what it still gives is disposed', async () => {
    const cache = create();
    const { load, finish, state } = pending();
    const controller = new AbortController();
    const works = [1, 2].map(() =>
      errorOf(cache.acquire('a', load, { signal: controller.signal }), 'ABORTED'),
    );
    await after(0);
    controller.abort();
    await Promise.all(works);
    expect(state.signal?.aborted).toBe(true);
    // The next caller does not get what was given up.
    const next = new Fake('a');
    await touch(cache, next);
    const late = new Fake('a');
    finish(late);
    await after(0);
    expect(disposals([late, next])).toEqual([1, 0]);
    expect(cache.metrics()).toMatchObject({ loads: 1, failures: 0, models: 1 });
  });

  test('before the call loads nothing', async () => {
    const cache = create();
    const { load, state } = pending();
    await errorOf(cache.acquire('a', load, { signal: AbortSignal.abort() }), 'ABORTED');
    await after(0);
    expect(state.calls).toBe(0);
    expect(cache.metrics()).toMatchObject({ misses: 0, models: 0 });
  });
});

describe('replace', () => {
  test('serves the old one until the new one is ready, and for as long as it is leased', async () => {
    const cache = create({ maxModels: 2 });
    const [old, next, other] = fakes('a', 'a', 'other') as [Fake, Fake, Fake];
    await touch(cache, other);
    const held = await cache.acquire('a', of(old));
    const { load, finish } = pending();
    const swap = cache.replace('a', load);
    await after(0);
    const meanwhile = await cache.acquire('a', of(next));
    expect(meanwhile.value).toBe(old);
    meanwhile.release();
    finish(next);
    await swap;
    const lease = await cache.acquire('a', of(old));
    expect(lease.value).toBe(next);
    expect(disposals([old, next])).toEqual([0, 0]);
    // Old and new are in memory: the one that nobody uses had to go.
    expect(other.disposals).toBe(1);
    held.release();
    expect(disposals([old, next])).toEqual([1, 0]);
    lease.release();
  });

  test('ends no other model where nobody holds the old one', async () => {
    const cache = create({ maxModels: 2 });
    const [old, next, other] = fakes('a', 'a', 'other') as [Fake, Fake, Fake];
    await touch(cache, other);
    await touch(cache, old);
    await cache.replace('a', of(next));
    expect(disposals([old, next, other])).toEqual([1, 0, 0]);
    expect(cache.metrics()).toMatchObject({ models: 2, evictions: 0, bytes: 2 });
  });

  test('keeps the old one, however few the limits allow, for as long as the new one loads', async () => {
    const cache = create({ maxModels: 1, ttlMs: 10 });
    const [old, next, other] = fakes('a', 'a', 'other') as [Fake, Fake, Fake];
    await touch(cache, old);
    const { load, finish } = pending();
    const swap = cache.replace('a', load);
    await touch(cache, other);
    await after(60);
    expect(disposals([old, other])).toEqual([0, 1]);
    finish(next);
    await swap;
    expect(disposals([old, next])).toEqual([1, 0]);
  });

  test('keeps the limits, though both are in use at once', async () => {
    const cache = create({ maxModels: 2 });
    const [old, next, other] = fakes('a', 'a', 'other') as [Fake, Fake, Fake];
    await touch(cache, other);
    await touch(cache, old);
    const { load, finish } = pending();
    const swap = cache.replace('a', load);
    await after(0);
    finish(next);
    // Callers at every moment of the change: some get the old one, some the new one.
    const works: Promise<ModelLease<Fake>>[] = [];
    for (let i = 0; i < 30; i += 1) {
      works.push(cache.acquire('a', load));
      await Promise.resolve();
    }
    await swap;
    const leases = await Promise.all(works);
    expect(new Set(leases.map(({ value }) => value))).toEqual(new Set([old, next]));
    expect(other.disposals).toBe(1);
    expect(cache.metrics()).toMatchObject({ models: 2, leased: 2 });
    for (const lease of leases) lease.release();
    expect(disposals([old, next])).toEqual([1, 0]);
  });

  test('that fails or is aborted leaves the old one', async () => {
    const cache = create();
    const old = new Fake('a');
    await touch(cache, old);
    const reason = new Error('broken');
    const failing = cache.replace('a', () => Promise.reject(reason));
    await expect(failing).rejects.toBe(reason);
    const { load, state } = pending();
    await errorOf(cache.replace('a', load, { timeoutMs: 5 }), 'TIMEOUT');
    expect(state.signal?.aborted).toBe(true);
    await touch(cache, old);
    expect(old.disposals).toBe(0);
    expect(cache.metrics()).toMatchObject({ hits: 1, loads: 1, failures: 1 });
  });

  test('that is called again ends the earlier one, as delete does', async () => {
    const cache = create();
    const [old, late, next] = fakes('a', 'a', 'a') as [Fake, Fake, Fake];
    await touch(cache, old);
    const first = pending();
    const superseded = errorOf(cache.replace('a', first.load), 'ABORTED');
    await after(0);
    await cache.replace('a', of(next));
    expect((await superseded).message).toContain('later replace()');
    first.finish(late);
    await after(0);
    expect(disposals([old, late, next])).toEqual([1, 1, 0]);
    const deleted = errorOf(cache.replace('a', pending().load), 'ABORTED');
    expect(await cache.delete('a')).toBe(true);
    await deleted;
    expect(cache.metrics().models).toBe(0);
  });

  test('without an old one loads, for those who acquire meanwhile, too', async () => {
    const cache = create();
    const { load, finish } = pending();
    const swap = cache.replace('a', load);
    const waiting = cache.acquire('a', of(new Fake('other')));
    const fake = new Fake('a');
    finish(fake);
    await swap;
    const lease = await waiting;
    expect(lease.value).toBe(fake);
    lease.release();
  });

  test('of one that is being loaded gives that one to who waits, and ends it then', async () => {
    const cache = create();
    const { load, finish } = pending();
    const waiting = cache.acquire('a', load);
    const [old, next] = fakes('a', 'a') as [Fake, Fake];
    await cache.replace('a', of(next));
    finish(old);
    const lease = await waiting;
    expect(lease.value).toBe(old);
    lease.release();
    expect(disposals([old, next])).toEqual([1, 0]);
  });
});

describe('delete, clear and dispose', () => {
  test('wait for leases, and the next caller loads anew', async () => {
    const cache = create();
    const [a, b, again] = fakes('a', 'b', 'a') as [Fake, Fake, Fake];
    await touch(cache, b);
    const lease = await cache.acquire('a', of(a));
    let isDone = false;
    const work = cache.delete('a').then((found) => (isDone = found));
    const next = await cache.acquire('a', of(again));
    expect(next.value).toBe(again);
    await after(5);
    expect({ isDone, of: a.disposals, models: cache.metrics().models }).toEqual({
      isDone: false,
      of: 0,
      models: 3,
    });
    lease.release();
    await work;
    expect(a.disposals).toBe(1);
    next.release();
    await cache.clear();
    expect(disposals([a, b, again])).toEqual([1, 1, 1]);
    expect(await cache.delete('a')).toBe(false);
    expect(cache.metrics()).toMatchObject({ models: 0, bytes: 0, evictions: 0 });
  });

  test('give what was asked for before, and nothing new', async () => {
    const cache = create();
    const { load, finish } = pending();
    const waiting = cache.acquire('a', load);
    const replaced = new Fake('b');
    await touch(cache, replaced);
    const swap = errorOf(cache.replace('b', pending().load), 'ABORTED');
    let isDone = false;
    const end = cache.dispose().then(() => (isDone = true));
    await errorOf(cache.acquire('a', load), 'DISPOSED');
    await errorOf(cache.replace('a', load), 'DISPOSED');
    await swap;
    const fake = new Fake('a');
    finish(fake);
    const lease = await waiting;
    await after(5);
    expect({ isDone, of: fake.disposals }).toEqual({ isDone: false, of: 0 });
    lease.release();
    await end;
    await cache[Symbol.asyncDispose]();
    expect(disposals([fake, replaced])).toEqual([1, 1]);
  });

  test('say where a disposal fails, and go on', async () => {
    const cache = create({ maxModels: 1 });
    const broken = () => ({ dispose: () => Promise.reject(new Error('stuck')) });
    (await cache.acquire('a', broken)).release();
    await touch(cache, new Fake('b'));
    await cache.clear();
    expect(told.splice(0)).toEqual([
      { code: 'DISPOSE_FAILED', message: 'disposing the model "a" failed: stuck' },
    ]);
  });
});

describe('wrong use', () => {
  test('is told: options, with all faults', async () => {
    const options = { maxModels: 0, maxBytes: 'many', ttlMs: -1, maxByte: 3 } as never;
    const faults = await faultsOf(
      Promise.resolve().then(() => new ModelCache(options)),
      'INVALID_OPTION',
    );
    expect(faults).toHaveLength(4);
    expect(faults.join('\n')).toMatch(/maxModels[^]*maxBytes[^]*"many"[^]*ttlMs[^]*"maxByte"/);
  });

  test.each(['acquire', 'replace'] as const)('is told: arguments of %s', async (what) => {
    const cache = create();
    expect(await faultsOf(cache[what](3 as never, 'x' as never), 'INVALID_INPUT')).toEqual([
      'expected a string for key, received 3',
      'expected a function for load, received "x"',
    ]);
    const load = of(new Fake('a'));
    const faults = await faultsOf(
      cache[what]('a', load, { timeoutMs: 0, signal: 1 } as never),
      'INVALID_OPTION',
    );
    expect(faults).toHaveLength(2);
    await errorOf(cache.delete(undefined as never), 'INVALID_INPUT');
    expect(cache.metrics()).toMatchObject({ misses: 0, models: 0 });
  });

  test('is told: what a load gave', async () => {
    const cache = create();
    for (const value of [undefined, null, 'session', {}, { value: {}, bytes: 1 }]) {
      const error = await errorOf(
        cache.acquire('a', () => value as never),
        'INVALID_INPUT',
      );
      expect(error.message).toContain('expected a model from load for "a"');
    }
    const fake = new Fake('a');
    for (const bytes of [-1, 1.5, NaN, '3']) {
      const load = () => ({ value: fake, bytes: bytes as number });
      const error = await errorOf(cache.acquire('a', load), 'INVALID_INPUT');
      expect(error.message).toContain('for the bytes of "a"');
    }
    // Nobody else could give its memory back.
    expect(fake.disposals).toBe(4);
    expect(cache.metrics()).toMatchObject({ failures: 9, models: 0, bytes: 0 });
  });

  test('is told: bytes that nobody knows, and one model for two keys', async () => {
    const cache = create({ maxBytes: 10 });
    const unknown = new Fake('a');
    const error = await errorOf(
      cache.acquire('a', () => ({ dispose: () => unknown.dispose() })),
      'INVALID_INPUT',
    );
    expect(error.hint).toContain('{ value, bytes }');
    expect(unknown.disposals).toBe(1);
    const fake = new Fake('b');
    const lease = await cache.acquire('b', of(fake));
    const twice = await errorOf(cache.acquire('c', of(fake)), 'INVALID_INPUT');
    expect(twice.message).toContain('"b"');
    expect(fake.disposals).toBe(0);
    lease.release();
  });
});

test.each([1, 2, 3])('any order keeps the promises (random %i)', async (seed) => {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const limits = { maxModels: 4, maxBytes: 20, ttlMs: 8 };
  const cache = create(limits);
  const loaded: Fake[] = [];
  const held = new Map<Fake, number>();
  /** Not by expect: it is asked some hundred thousand times. */
  const broken = new Set<string>();
  const look = () => {
    const { models, bytes, leased } = cache.metrics();
    const isOver = models > limits.maxModels || bytes > limits.maxBytes;
    if (isOver && leased < models) broken.add('kept more than the limits');
    for (const fake of loaded) {
      if (fake.disposals > 0 && held.get(fake)) broken.add('disposed while leased');
      if (fake.disposals > 1) broken.add('disposed twice');
    }
  };
  /** Takes its time, fails at times, and listens to its signal at times. */
  const load =
    (name: string): LoadModel<Fake> =>
    async ({ signal }) => {
      const fate = random();
      if (fate < 0.5) await after(below(4));
      if (fate < 0.1) throw new Error('a load that fails');
      if (fate < 0.3) signal.throwIfAborted();
      const fake = new Fake(name, 1 + below(9));
      loaded.push(fake);
      return { value: fake, bytes: fake.bytes };
    };
  const hold = async (lease: ModelLease<Fake>) => {
    const fake = lease.value;
    held.set(fake, (held.get(fake) ?? 0) + 1);
    look();
    if (random() < 0.7) await after(below(6));
    look();
    held.set(fake, (held.get(fake) ?? 0) - 1);
    lease.release();
    if (random() < 0.2) lease.release();
    look();
  };
  const failed: unknown[] = [];
  const caller = async () => {
    for (let i = 0; i < 25; i += 1) {
      const name = `model ${below(7)}`;
      const controller = new AbortController();
      const options = random() < 0.3 ? { signal: controller.signal } : {};
      if (random() < 0.5)
        setTimeout(() => {
          controller.abort();
        }, below(4));
      const what = random();
      try {
        if (what < 0.8) await hold(await cache.acquire(name, load(name), options));
        else if (what < 0.9) await cache.replace(name, load(name), options);
        else if (what < 0.97) void cache.delete(name);
        else void cache.clear();
      } catch (error) {
        failed.push(error);
      }
      look();
      if (random() < 0.2) await after(below(12));
    }
  };
  await Promise.all(Array.from({ length: 12 }, caller));
  await cache.dispose();
  await after(10);
  // Nothing but what the test itself did.
  const other = failed.filter(
    (error) =>
      (error as { code?: unknown }).code !== 'ABORTED' &&
      (error as Error).message !== 'a load that fails',
  );
  expect(other).toEqual([]);
  expect([...broken]).toEqual([]);
  expect(loaded.length).toBeGreaterThan(20);
  expect(new Set(disposals(loaded))).toEqual(new Set([1]));
  const { models, bytes, leased, evictions } = cache.metrics();
  expect({ models, bytes, leased }).toEqual({ models: 0, bytes: 0, leased: 0 });
  expect(evictions).toBeGreaterThan(0);
});
