import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { BatchJobOptions, SessionHandle, TokenizerHandle } from '../../js/src/binding.js';
import {
  ENDLESS,
  addon,
  failureOf,
  iterations,
  load,
  model,
  run,
  session,
  tensor,
  valueOf,
} from './native_addon';

const FOLDER = 'tiny-bert';
const OUTPUT = 'last_hidden_state';
const options: BatchJobOptions = {
  maxTokensPerBatch: 64,
  maxLength: 0,
  pooling: 'mean',
  normalize: true,
  pooled: false,
  dimensions: 0,
};
const TEXTS = Array.from({ length: 200 }, (_, i) => `${'hello world '.repeat(i % 6)}${String(i)}`);

let tokenizer: TokenizerHandle;
let encoder: SessionHandle;
beforeAll(async () => {
  const json = readFileSync(model(`${FOLDER}/tokenizer`).replace(/onnx$/, 'json'));
  tokenizer = valueOf(await addon.loadTokenizer(new Uint8Array(json), undefined));
  encoder = await session(`${FOLDER}/onnx/model`);
});

const embed = (
  texts: readonly string[],
  cancellation = new addon.Cancellation(),
  onProgress?: (done: number, total: number) => void,
) => encoder.embed(tokenizer, texts, options, [], OUTPUT, cancellation, onProgress);

test('gives what the batches give one by one', async () => {
  const { vectors, stats, phases } = valueOf(await embed(TEXTS));
  const { inputs, outputs } = encoder;
  const signature = { inputs, outputs, output: OUTPUT };
  const job = valueOf(addon.createBatchJob(tokenizer, TEXTS, options, [], signature));
  for (let batch = job.next(); batch; batch = job.next()) {
    const { rows, length } = batch;
    const feeds = Object.fromEntries(
      batch.feeds.map(({ name, type, data }) => [name, tensor(type, data, [rows, length])]),
    );
    const output = valueOf(await run(encoder, feeds, [OUTPUT]))[OUTPUT];
    valueOf(job.accept(batch.index, output?.data as Float32Array, output?.dims ?? []));
  }
  expect(vectors).toEqual(valueOf(job.result()));
  expect(stats).toEqual(job.stats());
  expect(stats.done).toBe(TEXTS.length);
  expect(Object.keys(phases).sort()).toEqual(['pool', 'run', 'tokenize']);
});

test('no texts give no rows', async () => {
  expect(valueOf(await embed([])).vectors.dims[0]).toBe(0);
});

test('tells its progress; the last call has all', async () => {
  const calls: [number, number][] = [];
  valueOf(await embed(TEXTS, undefined, (done, total) => calls.push([done, total])));
  expect(calls.at(-1)).toEqual([TEXTS.length, TEXTS.length]);
  const done = calls.map(([texts]) => texts);
  expect(done).toEqual([...done].sort((a, b) => a - b));
});

describe('cancellation', () => {
  const many = Array.from({ length: 100 }, () => TEXTS).flat();
  test.each([0, 5, 50])('after %i ms', async (delay) => {
    const cancellation = new addon.Cancellation();
    const running = embed(many, cancellation);
    setTimeout(() => {
      cancellation.cancel('TIMEOUT');
    }, delay);
    expect(failureOf(await running).code).toBe('TIMEOUT');
    // The session is as good as before.
    expect(valueOf(await embed(TEXTS.slice(0, 3))).vectors.dims[0]).toBe(3);
  });

  test('while it waits for a thread', async () => {
    const slow = await session('slow');
    const blockers = Array.from({ length: 64 }, () => new addon.Cancellation());
    const runs = blockers.map((blocker) => run(slow, iterations(ENDLESS), [], blocker));
    const cancellation = new addon.Cancellation();
    const waiting = embed(TEXTS, cancellation);
    cancellation.cancel('ABORTED');
    expect(failureOf(await waiting).code).toBe('ABORTED');
    for (const blocker of blockers) blocker.cancel('ABORTED');
    await Promise.all(runs);
  });
});

test('nothing of it stays when it is done or was cancelled', async () => {
  valueOf(await embed(TEXTS));
  const cancellation = new addon.Cancellation();
  const cancelled = embed(TEXTS, cancellation);
  cancellation.cancel('ABORTED');
  await cancelled;
  const ended = async (): Promise<boolean> => {
    // The pool's thread lets go of its part a moment after the promise.
    for (let i = 0; i < 200 && addon.liveCounts().operations > 0; i++) {
      await new Promise((done) => setTimeout(done, 10));
    }
    return addon.liveCounts().operations === 0;
  };
  expect(await ended()).toBe(true);
});

test('a long list does not keep other runs waiting for its end', async () => {
  const order: string[] = [];
  const long = embed(Array.from({ length: 20 }, () => TEXTS).flat()).then(() => order.push('list'));
  const add = await session('add');
  const a = tensor('float32', new Float32Array(4), [1, 4]);
  await run(add, { a, b: a }).then(() => order.push('run'));
  await long;
  expect(order).toEqual(['run', 'list']);
});

test('dispose() and delete() wait for nobody and break nothing', async () => {
  const handle = valueOf(await load(model(`${FOLDER}/onnx/model`)));
  const json = readFileSync(model(`${FOLDER}/tokenizer`).replace(/onnx$/, 'json'));
  const own = valueOf(await addon.loadTokenizer(new Uint8Array(json), undefined));
  const running = handle.embed(
    own,
    TEXTS,
    options,
    [],
    OUTPUT,
    new addon.Cancellation(),
    undefined,
  );
  own.delete();
  const disposed = handle.dispose();
  expect(valueOf(await running).vectors.dims[0]).toBe(TEXTS.length);
  await disposed;
  const later = handle.embed(own, TEXTS, options, [], OUTPUT, new addon.Cancellation(), undefined);
  expect(failureOf(await later).code).toBe('DISPOSED');
});

test('what does not fit is named', async () => {
  const none = new addon.Cancellation();
  const asked = (handle: SessionHandle, output: string, texts: readonly string[] = ['a']) =>
    handle.embed(tokenizer, texts, options, [], output, none, undefined);
  expect(failureOf(await asked(encoder, 'last_hiden_state')).message).toContain(
    'did you mean "last_hidden_state"',
  );
  expect(failureOf(await asked(encoder, OUTPUT, ['a', 7 as never])).faults?.[0]?.path).toBe(
    'texts[1]',
  );
  const { code, message } = failureOf(await asked(await session('add'), 'sum'));
  expect(code).toBe('NOT_SUPPORTED');
  expect(message).toContain('"a"');
  expect(message).toContain('"b"');
  const stranger = encoder as unknown as TokenizerHandle;
  expect(
    failureOf(await encoder.embed(stranger, ['a'], options, [], OUTPUT, none, undefined)).code,
  ).toBe('INVALID_INPUT');
});
