import { InferError } from 'infercore';

/** The InferError that `work` ends in; fails the test when it ends otherwise. */
export async function failure(work: Promise<unknown> | (() => unknown)): Promise<InferError> {
  let value: unknown;
  try {
    value = await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof InferError) return error;
    throw error;
  }
  throw new Error(`expected an InferError, the work gave ${String(value)}`);
}
