import { pipeline } from '../../dist/esm/node.js';

export async function open({ folder }, options) {
  const extract = await pipeline('feature-extraction', folder, options);
  return {
    async embed(texts) {
      return (await extract(texts, { pooling: 'mean', normalize: false })).data;
    },
  };
}
