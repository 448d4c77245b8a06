/** Both engines have the same API, so they run the same program, with default options. */
export function open({ model, output }, { InferenceSession, Tensor }) {
  let session;
  return {
    async load() {
      await session?.release();
      session = await InferenceSession.create(model);
    },
    async run(ids, dims) {
      const feeds = {
        input_ids: new Tensor('int64', ids, dims),
        attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
        token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), dims),
      };
      const outputs = await session.run(feeds, [output]);
      return outputs[output].data;
    },
  };
}
