/** Texts of mixed length to vectors. */
import { join } from 'node:path';
import { mixedTexts } from '../lib/corpus.mjs';
import { defaultModel } from '../lib/paths.mjs';
import { referenceVectors } from '../lib/reference.mjs';
import { number } from '../lib/table.mjs';
import { worstCosine } from '../lib/vectors.mjs';

const atLeast = 3;
const leastCosine = 0.9999;
const width = 512;

export const name = 'embed-throughput';
export const title = 'Texts to vectors';
export const about = `1,024 English texts, most of them sentences, some whole paragraphs, shuffled (median 34 tokens, one in seven cut at the model's
128), become vectors with the default model: fp32, the mean of \`last_hidden_state\` over real tokens, each engine with its default threads.
transformers.js reads the very same folder (it says that it does not know the architecture and then takes the model file as it is)
and runs it with onnxruntime-node. It gets the texts in the order given, in lists of 32, which is how its users are told to work, and
also one by one, which pads nothing, in lists that its caller has sorted by length, and all in one list.
One sample is all texts. A vector counts as right if its cosine to that of the text run alone through onnxruntime-node is at least ${leastCosine}.`;

const packages = ['@huggingface/transformers', 'onnxruntime-node'];
const peer = (id, label, options) => ({
  id,
  label: `transformers.js, ${label}`,
  engine: 'transformers',
  packages,
  options,
});
export const contestants = [
  { id: 'infercore', label: 'infercore', engine: 'infercore', packages: ['infercore'] },
  peer('transformers', 'lists of 32', { list: 32 }),
  peer('transformers-1', 'one by one', { list: 1 }),
  peer('transformers-sorted', 'sorted lists of 32', { list: 32, sort: true }),
  peer('transformers-all', 'one list', { list: Infinity }),
];

export async function prepare({ quick, seed }) {
  const texts = mixedTexts(quick ? 128 : 1024, seed);
  return {
    models: { 'onnx/model.onnx': join(defaultModel, 'onnx', 'model.onnx') },
    rounds: quick ? 2 : 5,
    options: { texts: texts.length },
    folder: defaultModel,
    texts,
    reference: await referenceVectors(texts),
    samples: quick ? 1 : 2,
  };
}

export const metrics = ({ texts }) => [
  { key: 'all', title: 'all texts', items: texts.length, unit: 'texts/s' },
];

/** @returns {Promise<Float32Array>} the vectors of all texts, row after row */
export const check = (engine, { texts }) => engine.embed(texts);

export function judge(vectors, { reference }) {
  const worst = worstCosine(vectors, reference, width);
  return { ok: worst >= leastCosine, note: `least cosine to the reference ${worst.toFixed(7)}` };
}

export async function measure(engine, { texts, samples }) {
  await engine.embed(texts.slice(0, 128));
  const all = [];
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now();
    await engine.embed(texts);
    all.push(performance.now() - start);
  }
  return { all };
}

export function targets({ metrics }) {
  const beside = metrics[0]?.rows.find(({ id }) => id === 'transformers')?.beside;
  const value = beside ? 1 / beside.ratio : 0;
  return [
    {
      text: `at least ${atLeast} times as many texts a second as transformers.js with lists of 32`,
      value,
      shown: `${number(value)} times`,
      met: value >= atLeast,
    },
  ];
}
