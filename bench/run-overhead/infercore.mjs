import { InferenceSession, Tensor } from '../../dist/esm/node.js';

export async function open({ model }, { sync }) {
  const session = await InferenceSession.create(model);
  const feeds = (data) => ({ x: new Tensor('float32', data, [data.length]) });
  return {
    run: sync
      ? (data) => session.runSync(feeds(data)).y.data
      : async (data) => (await session.run(feeds(data))).y.data,
  };
}
