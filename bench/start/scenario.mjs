/** From nothing to the first vector: a new process each time. */
import { defaultModel, engineFile } from '../lib/paths.mjs';
import { timeToLine } from '../lib/processes.mjs';
import { number } from '../lib/table.mjs';
import { cosine } from '../lib/vectors.mjs';

const atMost = 250;

export const name = 'start';
export const title = 'Start';
export const about = `A new Node process imports the library, loads the default model and embeds one sentence (the mean of \`last_hidden_state\`). The time
runs from just before the process is made until its line of output arrives; the memory (resident set) is that of the process just before. The files are in
the system's cache. «Node alone» is a process that only prints a line.`;

export const contestants = [
  { id: 'infercore', label: 'infercore', engine: 'infercore', packages: ['infercore'] },
  {
    id: 'onnxruntime-node',
    label: 'onnxruntime-node + @anush008/tokenizers',
    engine: 'onnxruntime-node',
    packages: ['onnxruntime-node', '@anush008/tokenizers'],
  },
  {
    id: 'transformers',
    label: 'transformers.js',
    engine: 'transformers',
    packages: ['@huggingface/transformers'],
  },
  { id: 'node', label: 'Node alone', engine: 'node', packages: [] },
];

export async function prepare({ quick }) {
  return {
    models: {},
    rounds: quick ? 3 : 20,
    options: {},
    folder: defaultModel,
    text: 'A long sentence is not needed to start.',
  };
}

export const metrics = () => [
  { key: 'start', title: 'process to first vector' },
  { key: 'memory', title: 'memory with the first vector', unit: 'MB', scale: 1e-6 },
];

const argsOf = ({ engine }, { folder, text }) => [engineFile(name, engine), folder, text];

/** These engines are whole programs: they are run and timed from outside. */
export async function checkOutside(contestant, task) {
  return (await timeToLine(argsOf(contestant, task))).line.vector;
}

export async function measureOutside(contestant, task) {
  const { ms, line } = await timeToLine(argsOf(contestant, task));
  return { start: [ms], memory: [line.rss] };
}

let expected;
export function judge(vector) {
  if (vector.length === 0) return { ok: true, note: 'embeds nothing' };
  expected ??= vector;
  const found = cosine(vector, expected);
  return { ok: found >= 0.9999, note: `cosine ${found.toFixed(7)}` };
}

export function targets({ metrics }) {
  const median = (key, id) =>
    metrics.find((metric) => metric.key === key)?.rows.find((row) => row.id === id)?.summary.median;
  const value = median('start', 'infercore') ?? Infinity;
  const memory = median('memory', 'infercore');
  const peers = median('memory', 'transformers');
  return [
    {
      text: `process start to first embedding within ${atMost} ms`,
      value,
      shown: `${number(value)} ms`,
      met: value <= atMost,
    },
    {
      text: 'less memory than transformers.js by then',
      value: memory,
      shown: `${number(memory / 1e6)} MB beside ${number(peers / 1e6)} MB`,
      met: memory < peers,
    },
  ];
}
