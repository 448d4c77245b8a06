/** Both engines have the same API, so they run the same program. */
import { Random } from '../lib/random.mjs';

/** Ids of tokens that the models of bench-models know. @returns {BigInt64Array} */
export function randomIds(count, seed) {
  const random = new Random(seed);
  return BigInt64Array.from({ length: count }, () => BigInt(1 + random.below(30_000)));
}

const output = 'last_hidden_state';

/** @param {{session?: object, threads?: number[]}} options `session`: those of the session */
export function open({ model }, options, { InferenceSession, Tensor }) {
  let session;
  return {
    threads: options.threads,
    /** @param {object} [more] beside the options that it has */
    async load(more) {
      await session?.release();
      session = await InferenceSession.create(model, { ...options.session, ...more });
    },
    feeds(ids, dims) {
      return {
        input_ids: new Tensor('int64', ids, dims),
        attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
        token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), dims),
      };
    },
    async run(feeds) {
      return (await session.run(feeds, [output]))[output].data;
    },
  };
}
