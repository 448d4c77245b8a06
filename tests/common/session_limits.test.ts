/** What a model folder's config.json and the graph say of feeds: checked before a run, beside what the user demands. */
import { afterAll, beforeAll, describe, expect, test as always } from '@jest/globals';
import { InferenceSession, Tensor, pipeline } from 'infercore';
import type { FeatureExtraction, InferError, PipelineOptions, SessionOptions } from 'infercore';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultsOf, model } from './models';
import { testModel } from './model_paths';
import { testIf } from './surroundings';

const test = testIf(!PLACE.options.worker, 'a pipeline in a worker shows no session');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-'));
  cpSync(testModel('tiny-bert'), folder, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The pipeline of tiny-bert, whose config.json says also what `config` does. */
function load(config: object = {}, options: PipelineOptions = {}): Promise<FeatureExtraction> {
  const known = JSON.parse(
    readFileSync(join(testModel('tiny-bert'), 'config.json'), 'utf8'),
  ) as object;
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...known, ...config }));
  return pipeline('feature-extraction', folder, options);
}

const list = (...values: number[]) =>
  new Tensor('int64', BigInt64Array.from(values.map(BigInt)), [1, values.length]);
function feeds(length: number, { id = 5, type = 0 } = {}): Record<string, Tensor> {
  const all = (value: number) => list(...new Array<number>(length).fill(value));
  return {
    input_ids: list(...new Array<number>(length - 1).fill(5), id),
    attention_mask: all(1),
    token_type_ids: all(type),
  };
}
async function messages(
  embed: FeatureExtraction,
  given: Record<string, Tensor>,
): Promise<string[]> {
  const faults = (await embed.session?.validate(given)) ?? [];
  return faults.map(({ message }) => message);
}

test('ids without a row in their table, and tokens without a position', async () => {
  const embed = await load();
  expect(await messages(embed, feeds(64, { id: 289, type: 1 }))).toEqual([]);
  const wrong = [
    'expected a size that is at most 64 on axis "1" of input "input_ids", received 65',
    'expected values that are at most 289 in input "input_ids", received 290 at index 64',
    'expected values that are at most 1 in input "token_type_ids", received 2 at index 0 and 64 more',
  ];
  const bad = feeds(65, { id: 290, type: 2 });
  expect((await messages(embed, bad)).sort()).toEqual([...wrong].sort());
  const run = embed.session?.run(bad) ?? Promise.resolve();
  expect((await faultsOf(run, 'INVALID_INPUT')).sort()).toEqual([...wrong].sort());
  expect(await messages(embed, feeds(2, { id: -1 }))).toEqual([
    'expected values that are at least 0 in input "input_ids", received -1 at index 1',
  ]);
  await embed.dispose();
});

test('a user’s own constraints come first, and beside', async () => {
  const constraints = {
    input_ids: { values: { max: 100 }, sequence: { max: 4 } },
    token_type_ids: { values: { max: Infinity } },
  };
  const embed = await load({}, { constraints });
  expect(await messages(embed, feeds(4, { id: 100, type: 9 }))).toEqual([]);
  expect((await messages(embed, feeds(5, { id: 101 }))).sort()).toEqual([
    'expected a size that is at most 4 on axis "sequence" of input "input_ids", received 5',
    'expected values that are at most 100 in input "input_ids", received 101 at index 4',
  ]);
  expect(await messages(embed, feeds(2, { id: -1 }))).toHaveLength(1);
  await embed.dispose();
});

test('where positions begin behind the padding, there are fewer', async () => {
  const embed = await load({ model_type: 'xlm-roberta', pad_token_id: 1 });
  expect(await messages(embed, feeds(62))).toEqual([]);
  expect(await messages(embed, feeds(63))).toEqual([
    'expected a size that is at most 62 on axis "1" of input "input_ids", received 63',
  ]);
  await embed.dispose();
});

test('what says nothing limits nothing', async () => {
  const nothing = { vocab_size: 'many', type_vocab_size: 0, max_position_embeddings: null };
  const embed = await load(nothing);
  expect(await messages(embed, feeds(80))).toEqual([]);
  await embed.dispose();
});

always('a model without such inputs loads as before', async () => {
  const embed = await pipeline('feature-extraction', testModel('token-lists'));
  expect((await embed('one two')).dims[0]).toBe(1);
  await embed.dispose();
});

always('a session of its own knows no folder', async () => {
  const session = await InferenceSession.create(testModel('tiny-bert/onnx/model.onnx'));
  expect(await session.validate(feeds(80))).toEqual([]);
  await session.dispose();
});

const natively = testIf(TARGET === 'native', 'WebAssembly does not look at the graph');

describe('the graph', () => {
  const ids = (...values: number[]) => ({ ids: list(...values) });
  const TABLE = model('embedding-table');
  const faults = async (given: Record<string, Tensor>, options?: SessionOptions) => {
    const session = await InferenceSession.create(TABLE, options);
    const found = (await session.validate(given)).map(({ message }) => message);
    const run = await session.run(given).then(
      ({ rows }) => rows?.data,
      (error: unknown) => (error as InferError).code,
    );
    await session.dispose();
    return [...found, run];
  };

  natively('tells how many rows a table has', async () => {
    expect(await faults(ids(0, 3, -4, -1))).toEqual([Float32Array.of(0, 1, 6, 7, 0, 1, 6, 7)]);
    expect(await faults(ids(0, 4, 1, 9))).toEqual([
      'expected values that are at most 3 in input "ids", received 4 at index 1 and 1 more',
      'INVALID_INPUT',
    ]);
    expect(await faults(ids(-5))).toEqual([
      'expected values that are at least -4 in input "ids", received -5 at index 0',
      'INVALID_INPUT',
    ]);
  });

  natively('and the user says more', async () => {
    const constraints = { ids: { length: { max: 2 }, values: { min: 0 } } };
    expect(await faults(ids(-1, 4, 0), { constraints })).toEqual([
      'expected a size that is at most 2 on axis "length" of input "ids", received 3',
      'expected values that are at least 0 in input "ids", received -1 at index 0 and 1 more',
      'INVALID_INPUT',
    ]);
  });

  natively('can be overruled', async () => {
    const constraints = { ids: { values: { max: Infinity } } };
    expect(await faults(ids(4), { constraints })).toEqual(['RUNTIME_ERROR']);
  });

  natively('knows nothing of numbers that become ids only when they are cut', async () => {
    const session = await InferenceSession.create(model('cut-table'));
    const { rows } = await session.run({ x: new Tensor('float32', [3.5], [1]) });
    expect(rows?.data).toEqual(Float32Array.of(6, 7));
    await session.dispose();
  });

  natively('is read from bytes, too', async () => {
    const session = await InferenceSession.create(readFileSync(TABLE));
    expect(await session.validate(ids(4))).toHaveLength(1);
    await session.dispose();
  });

  natively('is beside config.json, and the narrower one counts', async () => {
    const fewer = await load({ vocab_size: 282 });
    expect(await messages(fewer, feeds(2, { id: 289 }))).toEqual([
      'expected values that are at most 281 in input "input_ids", received 289 at index 1',
    ]);
    await fewer.dispose();
    const embed = await load({ vocab_size: 1000, type_vocab_size: 1 });
    expect(await messages(embed, feeds(2, { id: 290, type: 1 }))).toEqual([
      'expected values that are at most 289 in input "input_ids", received 290 at index 1',
      'expected values that are at most 0 in input "token_type_ids", received 1 at index 0 and 1 more',
    ]);
    await embed.dispose();
  });
});
