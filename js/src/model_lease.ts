import type { AnyModel } from './cached_model.js';
import { quoted } from './describe.js';
import { InferError } from './error.js';

interface Held {
  readonly onForgotten: () => void;
}

/** A lease that nobody released and nobody holds any more: late, but surely, the model is free again. */
const forgotten = new FinalizationRegistry<Held>(({ onForgotten }) => {
  onForgotten();
});

/**
 * The right to use a model of a ModelCache: until it is released, the model is not disposed. Hold the lease itself as
 * long as you use its value; one that is collected as garbage is released with a warning (LEASE_FORGOTTEN).
 *
 * @example
 * const cache = new ModelCache({ maxModels: 4 });
 * const lease = await cache.acquire('encoder', () => InferenceSession.create('model.onnx'));
 * try {
 *   await lease.value.run({ x: new Tensor('float32', [1, 2, 3], [3]) });
 * } finally {
 *   lease.release(); // with `await using lease = …` it is done at the end of the block
 * }
 * await cache.dispose();
 */
export class ModelLease<T extends AnyModel = AnyModel> {
  #value: T | undefined;
  #onRelease: (() => void) | undefined;

  /** @internal */
  constructor(
    readonly key: string,
    value: T,
    onRelease: () => void,
    onForgotten: () => void,
  ) {
    this.#value = value;
    this.#onRelease = onRelease;
    forgotten.register(this, { onForgotten }, this);
  }

  /**
   * The session, the pipeline, or whatever was loaded. Leave its disposal to the cache.
   *
   * @throws InferError DISPOSED after release()
   */
  get value(): T {
    if (this.#value) return this.#value;
    throw new InferError({
      code: 'DISPOSED',
      message: `the lease of ${quoted(this.key)} was released: its model may be gone`,
      hint: 'release it after the last use, or acquire another one',
    });
  }

  get released(): boolean {
    return this.#value === undefined;
  }

  /** Ends the use. Again has no effect. */
  release(): void {
    const onRelease = this.#onRelease;
    this.#value = undefined;
    this.#onRelease = undefined;
    forgotten.unregister(this);
    onRelease?.();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- so that `await using` takes it
  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}
