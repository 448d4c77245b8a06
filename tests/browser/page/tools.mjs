/** What the cases of one page share: `const { InferenceSession, row } = await tools();` */
import * as infercore from 'infercore';

const { InferenceSession, Tensor } = infercore;

/** The address of a small model. */
export const model = (name) => `/build/test-models/${name}.onnx`;

export const row = (...values) =>
  new Tensor('float32', Float32Array.from(values), [1, values.length]);

export const int64 = (values, dims = [values.length]) =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), dims);

/** The feeds of the model `add`, and what it makes of them. */
export const FEEDS = () => ({ a: row(1, 2, 3, 4), b: row(1, 1, 1, 1) });

export const numbers = async (tensor) => [...(await tensor.getData())].map(Number);

/** The code and message of what `work` fails with. */
export async function failure(work) {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return { code: error.code, message: error.message, hint: error.hint };
  }
  return { code: undefined, message: 'it did not fail' };
}

/** A session that says nothing on the console. */
export const create = (source, options = {}) =>
  InferenceSession.create(source, { onWarning: () => undefined, ...options });

export { infercore };
export const { env, pipeline, Tokenizer } = infercore;
export { InferenceSession, Tensor };
