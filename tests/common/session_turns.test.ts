/** Arrivals, aborts and ends at random, against a model of the queue: never too many, none lost, in the right order. */
import { describe, expect, test } from '@jest/globals';
import { InferError, InferenceSession, Tensor } from 'infercore';
import { model } from './models';
import { seeded } from './random';
import { answerOf, fedTo, replace, watchSessions } from './runtime_calls';

/** Runs of the runtime that last until they are told to end; each gives back what it was fed. */
class SlowRuntime {
  readonly begun: number[] = [];
  most = 0;
  private readonly ends = new Map<number, () => void>();

  run(feeds: unknown): Promise<unknown> {
    const data = fedTo(feeds)['x']?.data as Float32Array;
    const id = Number(data[0]);
    this.begun.push(id);
    return new Promise((resolve) => {
      const y = { type: 'float32', dims: [1], data: data.slice(), location: 'cpu' };
      this.ends.set(id, () => {
        this.ends.delete(id);
        resolve(answerOf({ y }));
      });
      this.most = Math.max(this.most, this.ends.size);
    });
  }

  end(id: number): void {
    const end = this.ends.get(id);
    if (!end) throw new Error(`run ${id} is not under way`);
    end();
  }
}

interface Arrival {
  readonly id: number;
  readonly priority: number;
}

/** The same, as one would write it down without a thought of speed. */
class ModelQueue {
  readonly running: number[] = [];
  waiting: Arrival[] = [];
  readonly begun: number[] = [];
  readonly expected = new Map<number, string>();

  constructor(
    private readonly maxConcurrency: number,
    private readonly maxQueue: number,
  ) {}

  arrive(arrival: Arrival): void {
    if (this.running.length < this.maxConcurrency) this.begin(arrival.id);
    else if (this.waiting.length < this.maxQueue) this.waiting.push(arrival);
    else this.expected.set(arrival.id, 'QUEUE_FULL');
  }
  abort(id: number): void {
    this.waiting = this.waiting.filter((each) => each.id !== id);
    this.expected.set(id, 'ABORTED');
  }
  end(id: number): void {
    this.running.splice(this.running.indexOf(id), 1);
    this.expected.set(id, 'done');
    const [next] = [...this.waiting].sort((a, b) => b.priority - a.priority || a.id - b.id);
    if (!next) return;
    this.waiting = this.waiting.filter(({ id: each }) => each !== next.id);
    this.begin(next.id);
  }
  private begin(id: number): void {
    this.running.push(id);
    this.begun.push(id);
  }
}

/** Until all that can happen by itself has happened. */
async function settled(done: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10_000 && !done(); turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setImmediate(resolve));
}

async function play(seed: number, maxConcurrency: number, maxQueue: number): Promise<void> {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const runtime = new SlowRuntime();
  const restore = await watchSessions((loaded) => {
    replace(
      loaded,
      'run',
      () =>
        (...args) =>
          runtime.run(args[0]),
    );
  });
  const options = { maxConcurrency, maxQueue };
  const session = await InferenceSession.create(model('identity-float32'), options);
  restore();
  const queue = new ModelQueue(maxConcurrency, maxQueue);
  const controllers = new Map<number, AbortController>();
  const ends = new Map<number, string>();
  const arrive = (id: number): void => {
    const controller = new AbortController();
    controllers.set(id, controller);
    const priority = Math.floor(random() * 4) - 1;
    queue.arrive({ id, priority });
    const x = new Tensor('float32', Float32Array.of(id), [1]);
    session.run({ x }, { priority, signal: controller.signal }).then(
      ({ y }) => ends.set(id, y?.data[0] === id ? 'done' : 'the result of another run'),
      (error: unknown) => ends.set(id, error instanceof InferError ? error.code : String(error)),
    );
  };
  const endOne = (): void => {
    const id = pick(queue.running);
    if (id === undefined) return;
    queue.end(id);
    runtime.end(id);
  };
  const abortOne = (): void => {
    const waiting = pick(queue.waiting);
    if (!waiting) return;
    queue.abort(waiting.id);
    controllers.get(waiting.id)?.abort();
  };
  const agree = async (): Promise<void> => {
    await settled(
      () => runtime.begun.length === queue.begun.length && ends.size === queue.expected.size,
    );
    expect(runtime.begun).toEqual(queue.begun);
    expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(queue.expected));
  };
  let id = 0;
  for (let step = 0; step < 80; step += 1) {
    // Several at one moment: nothing may depend on the pause between them.
    for (let burst = 1 + Math.floor(random() * 4); burst > 0; burst -= 1) {
      const what = random();
      if (what < 0.6) arrive((id += 1));
      else if (what < 0.7) abortOne();
      else {
        // What begins now must have begun below before it can be ended there; the queue hears of the end a moment later.
        await agree();
        endOne();
        await agree();
      }
    }
    await agree();
  }
  const disposed = session.dispose();
  while (queue.running.length > 0) {
    endOne();
    await agree();
  }
  await disposed;
  expect(ends.size).toBe(id);
  expect(runtime.most).toBeLessThanOrEqual(maxConcurrency);
  expect(runtime.most).toBeGreaterThan(0);
  expect(new Set(ends.values())).toEqual(new Set(['done', 'ABORTED', 'QUEUE_FULL']));
}

describe('the turns of runs that come, are aborted and end at random', () => {
  // Below, onnxruntime-web does one thing at a time: how many pass the queue at once is not to be seen there.
  const limits = TARGET === 'native' ? [1, 3, 7] : [1];
  for (const maxConcurrency of limits) {
    for (const maxQueue of [1, 8]) {
      for (const seed of [1, 2]) {
        test(`${maxConcurrency} at once, ${maxQueue} waiting, seed ${seed}`, async () => {
          await play(seed, maxConcurrency, maxQueue);
        });
      }
    }
  }
});
