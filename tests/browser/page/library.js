/* global setTimeout */
/** What tests use in a page by page.evaluate(): the library, and how an error is told to the outside. */
import * as infercore from 'infercore';

infercore.env.wasm.numThreads = 1;

Object.assign(globalThis, infercore, {
  infercore,
  /** What a promise fails with, as plain data; undefined when it does not fail. */
  errorOf: async (promise) => {
    try {
      await promise;
      return undefined;
    } catch (error) {
      const { name, code, message, hint, faults, cause } = error;
      return { name, code, message, hint, faults, cause: cause && String(cause) };
    }
  },
  model: (name) => `build/test-models/${name}.onnx`,
  FOLDER: 'models/default-model',
  /** A model of some kilobytes, for what does not depend on the model. */
  TINY: 'build/test-models/tiny-sentence',
  /** Feeds of the model `slow`: a thousand take some tenths of a second. */
  loops: (iterations) => ({
    iterations: new infercore.Tensor('int64', BigInt64Array.of(BigInt(iterations)), []),
  }),
  texts: (count) =>
    Array.from(
      { length: count },
      (_, i) => `Text ${i}: ${'a whale swims in the sea, '.repeat(1 + (i % 9))}`,
    ),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});
