import { InferenceSession, Tensor } from 'onnxruntime-node';

export async function open({ model }) {
  const session = await InferenceSession.create(model);
  return {
    run: async (data) =>
      (await session.run({ x: new Tensor('float32', data, [data.length]) })).y.data,
  };
}
