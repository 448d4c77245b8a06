/** Which token budget of a batch, and how many threads of a run, are the best defaults? */
import { cpus } from 'node:os';
import * as embed from '../embed-throughput/scenario.mjs';

export const name = 'batch-budget';
export const title = 'Budget of a batch';
export const onDemand = true;
export const about = `The same work as «Texts to vectors», by infercore alone, with other values of \`maxTokensPerBatch\`, and with runs that use all cores
one after the other (by default a run has one thread, and as many batches run at once as there are cores). The last column shows the first row beside each of the others.`;

const contestant = (id, label, options = {}) => ({
  id,
  label,
  engine: '../embed-throughput/infercore',
  packages: ['infercore'],
  options,
});
export const contestants = [
  contestant('default', 'default options'),
  ...[128, 256, 512, 1024, 2048, 4096].map((maxTokensPerBatch) =>
    contestant(`${maxTokensPerBatch}`, `${maxTokensPerBatch} tokens`, { maxTokensPerBatch }),
  ),
  ...[512, 2048].map((maxTokensPerBatch) =>
    contestant(`${maxTokensPerBatch}-all`, `${maxTokensPerBatch} tokens, all cores a run`, {
      maxTokensPerBatch,
      intraOpNumThreads: cpus().length,
    }),
  ),
];

export const { prepare, check, judge } = embed;

export const metrics = (task) => [
  ...embed.metrics(task),
  { key: 'one', title: 'one text of 12 tokens, alone' },
  { key: 'long', title: 'one text of 128 tokens, alone' },
];

/** What is best for a list must not be paid by those who ask for one text at a time. */
export async function measure(engine, task) {
  const result = await embed.measure(engine, task);
  const alone = async (text) => {
    const times = [];
    for (let i = 0; i < 30; i++) {
      const start = performance.now();
      await engine.embed([text]);
      times.push(performance.now() - start);
    }
    return times.slice(10);
  };
  const short = 'The hand remains extended; the sleeves are rolled up.';
  return { ...result, one: await alone(short), long: await alone(short.repeat(12)) };
}
