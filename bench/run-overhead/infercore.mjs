import { InferenceSession, Tensor } from '../../dist/esm/node.js';
import { feedOf, targetOf } from './tensors.mjs';

/**
 * `given`: with a tensor for the output; `shared`: the feed's memory is shared, so that it is read where it is; `sync`:
 * runSync.
 */
export async function open({ model }, { sync, given, shared, threads }) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads });
  const feed = feedOf(Tensor, shared);
  const target = given ? targetOf(Tensor) : () => undefined;
  return {
    run: sync
      ? (data) => session.runSync({ x: feed(data) }, target(data)).y.data
      : async (data) => (await session.run({ x: feed(data) }, target(data))).y.data,
  };
}
