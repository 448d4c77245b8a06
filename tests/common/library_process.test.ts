/** Tokenizers and pipelines and the process around them: what it writes, and workers. */
import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultModel, testModel } from './model_paths';
import { ended, LIBRARY, runProgram, workers } from './program';

const folder = JSON.stringify(resolve(defaultModel));
const tiny = JSON.stringify(resolve(testModel('tiny-bert')));

test('a run writes nothing: no device id, no database of events', async () => {
  const home = mkdtempSync(join(tmpdir(), 'infercore-'));
  try {
    const env = { HOME: home, XDG_CACHE_HOME: join(home, 'cache'), TMPDIR: home };
    const program = `
      import { pipeline } from ${LIBRARY};
      const embed = await pipeline('feature-extraction', ${folder});
      console.log((await embed(['one', 'two'])).dims.join());
      await embed.dispose();
      // Long enough for what would be written from a thread of its own.
      await new Promise((resolve) => setTimeout(resolve, 1500));`;
    expect(await runProgram(program, { ...env, ORT_DISABLE_TELEMETRY: undefined })).toEqual(
      ended('2,512\n'),
    );
    expect(readdirSync(home, { recursive: true })).toEqual([]);
  } finally {
    rmSync(home, { recursive: true });
  }
}, 60_000);

test('a pipe in the place of a file is refused at once: no thread waits for who writes it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'infercore-'));
  try {
    const pipe = JSON.stringify(join(home, 'pipe'));
    execFileSync('mkfifo', [join(home, 'pipe')]);
    const end = await runProgram(`
      import { InferenceSession, Tokenizer } from ${LIBRARY};
      for (const from of [InferenceSession.create, Tokenizer.from]) {
        await from(${pipe}).catch(({ code, message }) => console.log(code, message.includes(${pipe} + ' is a pipe')));
      }`);
    expect(end).toEqual(ended('NOT_FOUND true\nNOT_FOUND true\n'));
  } finally {
    rmSync(home, { recursive: true });
  }
}, 60_000);

const WORKER = `
  import { parentPort } from 'node:worker_threads';
  import { Tokenizer, pipeline } from ${LIBRARY};
  const tokenizer = await Tokenizer.from(${tiny} + '/tokenizer.json');
  const embed = await pipeline('feature-extraction', ${tiny});
  const many = Array.from({ length: 5000 }, (_, i) => 'Sentence number ' + i + ' of many.');`;

test('worker threads have tokenizers and pipelines of their own, at once', async () => {
  const text = `${WORKER}
    const { ids } = await tokenizer.encodeBatchAsync(many);
    const { data } = await embed(['one', 'two three'], { pooling: 'mean' });
    tokenizer.dispose();
    await embed.dispose();
    parentPort.postMessage([ids.length, data.length, data[0], data[63]].join());`;
  const end = await runProgram(`${workers(text, 3)}
    console.log(new Set(answers).size, answers[0].split(',').length);`);
  expect(end).toEqual(ended('1 4\n'));
}, 60_000);

test.each([
  ['encodes', "parentPort.postMessage('begun'); for (;;) await tokenizer.encodeBatchAsync(many);"],
  [
    'embeds',
    "await embed(many, { pooling: 'mean', onProgress: () => parentPort.postMessage('begun') });",
  ],
])(
  'a worker that is ended while it %s leaves the process whole',
  async (_, work) => {
    const end = await runProgram(`
    import { Worker } from 'node:worker_threads';
    import { pipeline } from ${LIBRARY};
    for (let i = 0; i < 2; i += 1) {
      const worker = new Worker(${JSON.stringify(`${WORKER} ${work}`)}, { eval: true });
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      await worker.terminate();
    }
    const embed = await pipeline('feature-extraction', ${tiny});
    console.log((await embed('whole', { pooling: 'mean' })).dims.join());
    await embed.dispose();`);
    expect(end).toEqual(ended('1,32\n'));
  },
  60_000,
);
