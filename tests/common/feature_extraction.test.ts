import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pipeline, Tokenizer, type FeatureExtraction, type Warning } from 'infercore';
import { failure } from './failure';
import { defaultModel, testModel } from './model_paths';
import { ON_GPU, testQuick } from './surroundings';

const TEXTS = [
  'The whale is the largest animal of the sea.',
  'A ship.',
  'Call me Ishmael. Some years ago, never mind how long precisely, I went to sea.',
  '',
  'Stocks fell sharply after the announcement.',
];

function row(data: Float32Array, index: number, width: number): Float32Array {
  return data.subarray(index * width, (index + 1) * width);
}
function cosine(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
const floats = (tensor: { data: unknown }) => tensor.data as Float32Array;

describe('the default model', () => {
  let embed: FeatureExtraction;
  const warnings: Warning[] = [];
  beforeAll(async () => {
    // A page has no package to find it in.
    const folder = PLACE.kind === 'page' ? defaultModel : undefined;
    embed = await pipeline('feature-extraction', folder, {
      onWarning: (warning) => warnings.push(warning),
    });
  });
  afterAll(() => embed.dispose());

  test('gives normalised vectors in the order of the texts', async () => {
    const all = await embed(TEXTS);
    expect(all.dims).toEqual([TEXTS.length, 512]);
    for (const [i, text] of TEXTS.entries()) {
      const alone = floats(await embed(text));
      expect(Math.hypot(...alone)).toBeCloseTo(1, 5);
      alone.forEach((x, j) => {
        expect(Math.abs(x - (row(floats(all), i, 512)[j] ?? NaN))).toBeLessThan(1e-5);
      });
    }
  });

  test('brings texts of one meaning together, without shared words', async () => {
    const vectors = floats(
      await embed(['How old are you?', 'What is your age?', 'The train leaves at noon.']),
    );
    const [age, same, other] = [0, 1, 2].map((i) => row(vectors, i, 512));
    if (!age || !same || !other) throw new Error('three rows');
    expect(cosine(age, same)).toBeGreaterThan(0.6);
    expect(cosine(age, other)).toBeLessThan(0.4);
  });

  test('has dims [0, 512] for no texts', async () => {
    expect((await embed([])).dims).toEqual([0, 512]);
  });

  test('names every entry that is no string', async () => {
    const texts = ['a', 3, 'b', null] as unknown as string[];
    const error = await failure(embed(texts));
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.faults?.map(({ path }) => path)).toEqual(['texts[1]', 'texts[3]']);
  });

  test('takes lone surrogates as U+FFFD', async () => {
    const [broken, replaced] = [await embed('a \ud800 b'), await embed('a \ufffd b')];
    expect(broken.data).toEqual(replaced.data);
  });

  testQuick('cuts a text of 10 MB to the model’s maximum, with a warning', async () => {
    const sentence = 'The whale is the largest animal of the sea. ';
    const long = sentence.repeat(Math.ceil(10e6 / sentence.length));
    expect((await embed(long)).dims).toEqual([1, 512]);
    expect(embed.report.warnings.map(({ code }) => code)).toContain('TEXT_TRUNCATED');
    expect(warnings.map(({ code }) => code)).toContain('TEXT_TRUNCATED');
  });

  test('warns of texts that its vocabulary does not know', async () => {
    await embed('東京都は日本の首都です。大阪は第二の都市。');
    expect(embed.report.warnings.map(({ code }) => code)).toContain('UNKNOWN_TOKENS');
  });

  testQuick('pools the tokens itself when asked to', async () => {
    const mean = await embed(TEXTS, { pooling: 'mean' });
    const none = await embed(TEXTS[0] ?? '', { pooling: 'none' });
    expect(mean.dims).toEqual([TEXTS.length, 512]);
    const [, tokens = 0] = none.dims;
    for (let j = 0; j < 512; ++j) {
      let sum = 0;
      for (let t = 0; t < tokens; ++t) sum += floats(none)[t * 512 + j] ?? NaN;
      expect(Math.abs(sum / tokens - (floats(mean)[j] ?? NaN))).toBeLessThan(1e-4);
    }
  });

  testQuick('gives the graph’s vector also by the folder’s own modules', async () => {
    const graph = await embed(TEXTS);
    const modules = await embed(TEXTS, { normalize: true });
    floats(graph).forEach((x, i) => {
      expect(Math.abs(x - (floats(modules)[i] ?? NaN))).toBeLessThan(1e-5);
    });
  });

  test('reports progress up to the last text', async () => {
    const seen: number[] = [];
    await embed(TEXTS, { onProgress: ({ loaded }) => seen.push(loaded) });
    expect(seen.at(-1)).toBe(TEXTS.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test('refuses options that mean nothing', async () => {
    const error = await failure(embed('a', { pooling: 'max' as never, normalize: 'yes' as never }));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.faults?.map(({ path }) => path)).toEqual(['pooling', 'normalize']);
    const typo = await failure(embed('a', { poolin: 'mean', onProgress: 5 } as never));
    expect(typo.code).toBe('INVALID_OPTION');
    expect(typo.message).toContain('did you mean "pooling"');
    expect(typo.faults).toHaveLength(2);
    expect((await embed('a', null as never)).dims).toEqual([1, 512]);
  });

  testQuick('lets timers fire while it works through a list', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await embed(Array.from({ length: 200 }, (_, i) => `${TEXTS[2] ?? ''} Number ${i}.`));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
  });

  testQuick('can be aborted before and between batches, and goes on afterwards', async () => {
    expect((await failure(embed('a', { signal: AbortSignal.abort() }))).code).toBe('ABORTED');
    const controller = new AbortController();
    const many = Array.from({ length: 2000 }, (_, i) => `Sentence number ${i} of many.`);
    const work = embed(many, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    expect((await failure(work)).code).toBe('ABORTED');
    expect((await embed('a')).dims).toEqual([1, 512]);
    // After the end an abort means nothing.
    const late = new AbortController();
    await embed('a', { signal: late.signal });
    late.abort();
  });

  // Of one kind suffices where each call takes seconds.
  const whatever = [new RangeError('no more of it'), 'a text', undefined];
  test.each(ON_GPU ? whatever.slice(0, 1) : whatever)(
    'ends with what onProgress throws (%p), and goes on afterwards',
    async (thrown) => {
      let calls = 0;
      const work = embed(TEXTS, {
        onProgress: () => {
          ++calls;
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- whatever a callback throws
          throw thrown;
        },
      });
      const outcome = await work.then(
        () => ({ value: true }),
        (error: unknown) => ({ error }),
      );
      expect(outcome).toHaveProperty('error', thrown);
      if (typeof thrown === 'object') expect((outcome as { error: unknown }).error).toBe(thrown);
      expect(calls).toBe(1);
      expect((await embed('a')).dims).toEqual([1, 512]);
    },
  );

  test('says what it ran on', () => {
    expect(embed.report.providers.used.length).toBeGreaterThan(0);
    expect(embed.report.phases).toHaveProperty('run');
  });
});

describe('a folder as transformers.js reads it', () => {
  let embed: FeatureExtraction;
  beforeAll(async () => {
    embed = await pipeline('feature-extraction', testModel('tiny-bert'));
  });
  afterAll(() => embed.dispose());

  test('gives a vector a token where the folder names no pooling', async () => {
    const { dims } = await embed(['one two three', 'one']);
    expect(dims[0]).toBe(2);
    expect(dims[2]).toBe(32);
  });

  test.each(['mean', 'cls', 'last'] as const)('pools by %s', async (pooling) => {
    const [both, one] = [
      await embed(['one two three', 'one'], { pooling, normalize: true }),
      await embed('one', { pooling, normalize: true }),
    ];
    expect(both.dims).toEqual([2, 32]);
    row(floats(both), 1, 32).forEach((x, i) => {
      expect(Math.abs(x - (floats(one)[i] ?? NaN))).toBeLessThan(1e-5);
    });
    expect(Math.hypot(...floats(one))).toBeCloseTo(1, 5);
  });
});

describe('a model that wants its lists in other types', () => {
  test('gets int32 and positions', async () => {
    const embed = await pipeline('feature-extraction', testModel('token-lists'));
    using tokenizer = await Tokenizer.from(join(testModel('token-lists'), 'tokenizer.json'));
    const { ids } = tokenizer.encode('one two three');
    const both = await embed(['one two three', 'one'], { pooling: 'none' });
    expect(both.dims).toEqual([2, ids.length, 4]);
    ids.forEach((id, i) => {
      expect([...row(floats(both), i, 4)]).toEqual([id, 1, 0, i]);
    });
    await embed.dispose();
  });

  test('or is refused with all that texts do not give', async () => {
    const embed = await pipeline('feature-extraction', testModel('unfit-inputs'));
    const error = await failure(embed('one', { pooling: 'mean' }));
    expect(error.code).toBe('NOT_SUPPORTED');
    expect(error.faults).toEqual([
      {
        path: 'input_ids',
        code: 'NOT_SUPPORTED',
        message: 'the model wants "input_ids" as float32; texts give int64 or int32',
      },
      {
        path: 'pixel_values',
        code: 'NOT_SUPPORTED',
        message:
          'the model wants "pixel_values"; texts give input_ids, attention_mask, token_type_ids and position_ids',
      },
    ]);
    expect(error.hint).toContain('session.run()');
    await embed.dispose();
  });
});

describe('a folder as sentence-transformers writes it', () => {
  test('does what its modules say: CLS, Dense, Normalize', async () => {
    const sentence = await pipeline('feature-extraction', testModel('tiny-sentence'));
    const vectors = await sentence(['one two three', 'one']);
    expect(vectors.dims).toEqual([2, 16]);
    expect(Math.hypot(...row(floats(vectors), 0, 16))).toBeCloseTo(1, 5);
    await sentence.dispose();
  });
});

describe('a folder whose sentence_bert_config.json says do_lower_case', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'infercore-'));
    cpSync(testModel('tiny-sentence'), folder, { recursive: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each([true, false])('%p: texts are made so, or left alone', async (lower) => {
    const config = { max_seq_length: 16, do_lower_case: lower };
    writeFileSync(join(folder, 'sentence_bert_config.json'), JSON.stringify(config));
    await using embed = await pipeline('feature-extraction', folder);
    const [loud, quiet] = [await embed('ONE Two'), await embed('one two')];
    if (lower) expect(loud.data).toEqual(quiet.data);
    else expect(loud.data).not.toEqual(quiet.data);
  });
});

describe('a folder whose Dense weights are missing', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'infercore-'));
    cpSync(testModel('tiny-sentence'), folder, { recursive: true });
    rmSync(join(folder, '2_Dense', 'model.safetensors'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('fails when it is loaded, by the name of the file', async () => {
    const error = await failure(pipeline('feature-extraction', folder));
    expect(error.code).toBe('NOT_FOUND');
    expect(error.message).toContain('model.safetensors');
  });

  test.each([
    ['another order', ['Transformer', 'Pooling', 'Normalize', 'Dense']],
    ['an unknown module', ['Transformer', 'Pooling', 'Magic']],
    ['no module', [null]],
  ])('is refused for %s', async (_, types) => {
    const modules = types.map(
      (type) => type && { path: '', type: `sentence_transformers.${type}` },
    );
    writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
    const path = join(folder, '1_Pooling', 'config.json');
    writeFileSync(join(folder, 'config.json'), readFileSync(path));
    const error = await failure(pipeline('feature-extraction', folder));
    expect(error.code).toBe('UNSUPPORTED_COMPONENT');
  });
});

describe('a pipeline', () => {
  test('refuses an unknown task, model or option', async () => {
    const task = 'text-generation' as 'feature-extraction';
    expect((await failure(pipeline(task))).code).toBe('INVALID_OPTION');
    expect((await failure(pipeline('feature-extraction', 'no/such/folder'))).code).toBe(
      'NOT_FOUND',
    );
    const model = 7 as unknown as string;
    expect((await failure(pipeline('feature-extraction', model))).code).toBe('INVALID_INPUT');
    const dtype = { dtype: 'int3' as 'q4', maxTokensPerBatch: 0 };
    const error = await failure(pipeline('feature-extraction', testModel('tiny-bert'), dtype));
    expect(error.faults).toHaveLength(2);
  });

  test('names the file of a precision that is not there', async () => {
    const work = pipeline('feature-extraction', testModel('tiny-bert'), { dtype: 'q4' });
    const error = await failure(work);
    expect(error.code).toBe('NOT_FOUND');
    expect(error.message).toContain('model_q4.onnx');
  });

  test('waits for calls in flight when it is disposed, and refuses later ones', async () => {
    const embed = await pipeline('feature-extraction', testModel('tiny-bert'));
    const running = embed(['one', 'two'], { pooling: 'mean' });
    await embed.dispose();
    expect((await running).dims).toEqual([2, 32]);
    expect((await failure(embed('one'))).code).toBe('DISPOSED');
    await embed.dispose();
  });
});
