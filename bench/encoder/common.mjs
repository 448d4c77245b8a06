/** Both engines have the same API, so they run the same program. */
import { Random } from '../lib/random.mjs';

/** Ids of tokens that the models of bench-models know. @returns {BigInt64Array} */
export function randomIds(count, seed) {
  const random = new Random(seed);
  return BigInt64Array.from({ length: count }, () => BigInt(1 + random.below(30_000)));
}

/** @param {{session?: object, batched?: object, threads?: number[]}} options `session`, `batched`: what these get */
export function open(
  { model, output = 'last_hidden_state' },
  options,
  { InferenceSession, Tensor },
) {
  let session;
  let runner;
  return {
    threads: options.threads,
    /** @param {object} [more] beside the options that it has */
    async load(more) {
      await session?.release();
      session = await InferenceSession.create(model, { ...options.session, ...more });
      runner = options.batched ? session.batched(options.batched) : session;
    },
    /** Another session of the model, which runs are of from now on; those before it stay. */
    async loadBeside() {
      session = await InferenceSession.create(model, options.session);
      runner = session;
    },
    feeds(ids, dims) {
      const all = {
        input_ids: ids,
        attention_mask: new BigInt64Array(ids.length).fill(1n),
        token_type_ids: new BigInt64Array(ids.length),
      };
      return Object.fromEntries(
        session.inputNames.map((name) => [name, new Tensor('int64', all[name], dims)]),
      );
    },
    async run(feeds) {
      return (await runner.run(feeds, [output]))[output].data;
    },
  };
}
