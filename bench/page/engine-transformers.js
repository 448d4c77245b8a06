/** Reads the same files; nothing comes from the network. */
import { AutoTokenizer, env, pipeline } from '@huggingface/transformers';

export async function open({ threads, list = 32 }) {
  configure(threads);
  const extract = await pipeline('feature-extraction', 'model', { dtype: 'fp32' });

  async function embed(texts) {
    let vectors;
    for (let from = 0; from < texts.length; from += list) {
      const some = await extract(texts.slice(from, from + list), { pooling: 'mean' });
      const [, width] = some.dims;
      vectors ??= new Float32Array(texts.length * width);
      vectors.set(some.data, from * width);
      some.dispose();
    }
    return vectors;
  }
  return { report: () => ({ threads: env.backends.onnx.wasm.numThreads }), embed };
}

export async function openTokenizer() {
  configure();
  const tokenizer = await AutoTokenizer.from_pretrained('untruncated');
  const options = { padding: false, truncation: false, return_tensor: false };
  return {
    encode(texts) {
      const { input_ids: ids } = tokenizer(texts, options);
      return { count: ids.length, list: (i) => ids[i] };
    },
  };
}

function configure(threads) {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/';
  // Each page is a cold one, and what a cache would save is measured for neither.
  env.useBrowserCache = false;
  env.useWasmCache = false;
  env.backends.onnx.wasm.wasmPaths = '/peer-runtime/';
  if (threads) env.backends.onnx.wasm.numThreads = threads;
}
