import { Tokenizer, env, pipeline } from 'infercore';

const FOLDER = new URL('/model', location.href).href;

export async function open({ worker = false }) {
  env.wasm.wasmPaths = '/runtime/';
  const extract = await pipeline('feature-extraction', FOLDER, worker ? { worker } : {});
  return {
    report: () => extract.report,
    async embed(texts) {
      return (await extract(texts, { pooling: 'mean', normalize: false })).data;
    },
  };
}

export async function openTokenizer() {
  const tokenizer = await Tokenizer.from('/untruncated/tokenizer.json');
  return { encode: (texts) => lists(tokenizer.encodeBatch(texts)) };
}

function lists({ ids, rows }) {
  return { count: rows.length - 1, list: (i) => ids.subarray(rows[i], rows[i + 1]) };
}
