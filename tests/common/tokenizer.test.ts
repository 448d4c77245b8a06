import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Tokenizer } from 'infercore';
import { failure } from './failure';
import { defaultModel } from './model_paths';
import { testIf } from './surroundings';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A tokenizer.json of a few pieces; `change` makes it another one. */
function tiny(change: (json: Record<string, unknown>) => void = () => undefined): Uint8Array {
  const json: Record<string, unknown> = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    post_processor: null,
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    model: {
      type: 'Unigram',
      unk_id: 0,
      byte_fallback: false,
      vocab: [
        ['<unk>', 0],
        ['▁', -3],
        ['▁a', -1],
        ['b', -2],
        ['ab', -2.5],
        ['▁ab', -2],
      ],
    },
  };
  change(json);
  return bytes(JSON.stringify(json));
}

describe('a tokenizer', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await Tokenizer.from(`${defaultModel}/tokenizer.json`);
  });
  afterAll(() => {
    tokenizer.dispose();
  });

  test('gives ids, tokens and offsets into the original text', () => {
    const text = 'Ｔhe whale’s ﬁns: naïve 😀 café';
    const encoding = tokenizer.encode(text);
    expect(encoding).toHaveLength(encoding.ids.length);
    expect(encoding.tokens).toHaveLength(encoding.length);
    expect(encoding.tokens.map((token) => tokenizer.tokenToId(token))[0]).toBe(encoding.ids[0]);
    const starts = encoding.offsets.map(([start]) => start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const [start, end] of encoding.offsets) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(text.length);
    }
    // «ﬁ» is one character of the text and two of the normalised one.
    const whole = encoding.offsets.map(([start, end]) => text.slice(start, end)).join('');
    expect(whole).toContain('whale');
    expect([...encoding.attentionMask].every((bit) => bit === 1)).toBe(true);
    expect(encoding.sequenceIds.every((id) => id === 0)).toBe(true);
  });

  test('reads back what it wrote', () => {
    for (const text of ['Call me Ishmael.', 'a b  c', 'x'.repeat(500)]) {
      expect(tokenizer.decode(tokenizer.encode(text, { truncation: false }).ids)).toBe(text);
    }
  });

  test('counts tokens without cutting', () => {
    const text = 'word '.repeat(1000);
    const all = tokenizer.encode(text, { truncation: false }).length;
    expect(tokenizer.countTokens(text)).toBe(all);
    expect(all).toBeGreaterThan(128);
    expect(tokenizer.encode(text)).toHaveLength(128);
  });

  test('keeps what truncation cuts off', () => {
    const text = 'one two three four five six seven eight';
    const whole = tokenizer.encode(text);
    const cut = tokenizer.encode(text, { truncation: { maxLength: 5, stride: 2 } });
    expect([...cut.ids]).toEqual([...whole.ids.subarray(0, 5)]);
    expect(cut.overflowing.length).toBeGreaterThan(0);
    expect([...(cut.overflowing[0]?.ids ?? [])]).toEqual([...whole.ids.subarray(3, 8)]);
  });

  test('takes lone surrogates as U+FFFD, also at the ends', () => {
    for (const [broken, mended] of [
      ['\udc00a', '\ufffda'],
      ['a\ud800', 'a\ufffd'],
      ['\ud800\ud800 x', '\ufffd\ufffd x'],
    ] as const) {
      expect(tokenizer.encode(broken).ids).toEqual(tokenizer.encode(mended).ids);
    }
  });

  test('gives rows of a list with texts of any length, each as by itself', () => {
    const sizes = [0, 1, 32_765, 1, 32_767, 0, 32_768, 5, 70_000, 16_384, 16_383, 0, 300];
    const texts = sizes.flatMap((size) =>
      ['ab é🙂 ', 'b a '].map((word) => word.repeat(size).slice(0, size)),
    );
    const { ids, rows } = tokenizer.encodeBatch(texts, { padding: false, truncation: false });
    const differ = texts.filter((text, i) => {
      const alone = tokenizer.encode(text, { truncation: false }).ids;
      return ids.subarray(rows[i], rows[i + 1]).join() !== alone.join();
    });
    expect(differ.map((text) => text.length)).toEqual([]);
  });

  test('gives batches as flat ids, encodings and padded tensors', () => {
    const texts = ['Call me Ishmael.', '', 'a'];
    const batch = tokenizer.encodeBatch(texts, { padding: false });
    expect(batch).toHaveLength(3);
    for (const [i, encoding] of [...batch].entries()) {
      const row = batch.ids.subarray(batch.rows[i], batch.rows[i + 1]);
      expect(row).toEqual(tokenizer.encode(texts[i] ?? '', { padding: false }).ids);
      expect(row).toEqual(encoding.ids);
    }
    const width = Math.max(...[...batch].map(({ length }) => length));
    const tensors = batch.tensors();
    expect(Object.keys(tensors)).toEqual(['input_ids', 'attention_mask', 'token_type_ids']);
    expect(tensors['input_ids']?.dims).toEqual([3, width]);
    const mask = tensors['attention_mask']?.data as BigInt64Array;
    const real = [...mask].reduce((sum, bit) => sum + Number(bit), 0);
    expect(real).toBe(batch.ids.length);
    expect(Number((tensors['input_ids']?.data as BigInt64Array)[0])).toBe(batch.ids[0]);
    const narrow = batch.tensors({ type: 'int32', names: ['input_ids'] });
    expect(Object.keys(narrow)).toEqual(['input_ids']);
    expect(narrow['input_ids']?.type).toBe('int32');
  });

  test('pads together when asked to', () => {
    const padding = { id: 3, token: 'x', multipleOf: 4, direction: 'left' } as const;
    const batch = tokenizer.encodeBatch(['Call me Ishmael.', 'a'], { padding });
    const width = batch.rows[1] ?? 0;
    expect(width % 4).toBe(0);
    expect(batch.rows[2]).toBe(2 * width);
    expect(batch.ids[width]).toBe(3);
    const mask = batch.tensors()['attention_mask']?.data as BigInt64Array;
    expect(Number(mask[width])).toBe(0);
    expect(Number(mask[2 * width - 1])).toBe(1);
  });

  test('makes no other id of one that int32 can not hold', async () => {
    const padding = { id: 2 ** 32 - 2, token: 'x' };
    const batch = tokenizer.encodeBatch(['Call me Ishmael.', 'a'], { padding });
    const ids = batch.tensors()['input_ids']?.data as BigInt64Array;
    expect(Number(ids.at(-1))).toBe(padding.id);
    const error = await failure(() => batch.tensors({ type: 'int32' }));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain('up to 2147483647 for tensors of int32, received 4294967294');
    const mask = batch.tensors({ type: 'int32', names: ['attention_mask'] });
    expect(mask['attention_mask']?.type).toBe('int32');
    const fits = tokenizer.encodeBatch(['a b', 'a'], { padding: { id: 2 ** 31 - 1, token: 'x' } });
    expect(fits.tensors({ type: 'int32' })['input_ids']?.data.at(-1)).toBe(2 ** 31 - 1);
  });

  test('encodes away from the caller’s task, and can be aborted', async () => {
    const texts = ['Call me Ishmael.', 'a'];
    const batch = await tokenizer.encodeBatchAsync(texts);
    expect(batch.ids).toEqual(tokenizer.encodeBatch(texts).ids);
    const signal = AbortSignal.abort();
    expect((await failure(tokenizer.encodeBatchAsync(texts, { signal }))).code).toBe('ABORTED');
    // Right after the call, before anything of it has begun.
    const late = new AbortController();
    const work = tokenizer.encodeBatchAsync(texts, { signal: late.signal });
    late.abort('enough');
    const error = await failure(work);
    expect(error.code).toBe('ABORTED');
    expect(error.cause).toBe('enough');
  });

  test('says DISPOSED when it is disposed while it encodes, or has been quicker', async () => {
    const mortal = await Tokenizer.from(tiny());
    const work = mortal.encodeBatchAsync(['ab', 'b']).then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    );
    mortal.dispose();
    expect(['done', 'DISPOSED']).toContain(await work);
  });

  test('takes null and undefined for options that were left out', () => {
    const ids = tokenizer.encode('ab').ids;
    expect(tokenizer.encode('ab', null as never).ids).toEqual(ids);
    expect(tokenizer.encode('ab', { truncation: undefined } as never).ids).toEqual(ids);
    const padding = { length: 8, id: undefined } as never;
    expect(tokenizer.encode('ab', { padding })).toHaveLength(8);
  });

  test('names what is wrong with a call', async () => {
    const wrong = 5 as unknown as string;
    expect((await failure(() => tokenizer.encode(wrong))).code).toBe('INVALID_INPUT');
    const texts = ['a', undefined, 'b', 4] as unknown as string[];
    const error = await failure(() => tokenizer.encodeBatch(texts));
    expect(error.faults?.map(({ path }) => path)).toEqual(['texts[1]', 'texts[3]']);
    const many = new Array<number>(1000).fill(-1);
    for (const call of [() => tokenizer.encodeBatch(many as never), () => tokenizer.decode(many)]) {
      expect((await failure(call)).faults).toHaveLength(100);
    }
    const turned = await failure(() => tokenizer.encode('a', { '\u202ex': 1 } as never));
    expect(turned.message).toContain('unknown option "\\u202ex"');
    const options = { truncation: { maxLength: -1, strategy: 'middle' }, paddin: true } as never;
    const faults = (await failure(() => tokenizer.encode('a', options))).faults ?? [];
    expect(faults.map(({ path }) => path).sort()).toEqual([
      'paddin',
      'truncation.maxLength',
      'truncation.strategy',
    ]);
    expect((await failure(() => tokenizer.decode([1.5]))).code).toBe('INVALID_INPUT');
    const stride = { truncation: { maxLength: 4, stride: 4 } };
    expect((await failure(() => tokenizer.encode('a b c d e f', stride))).code).toBe(
      'INVALID_OPTION',
    );
  });

  test('takes ids as numbers or bigints, and nothing that only looks like them', async () => {
    const { ids } = tokenizer.encode('Call me Ishmael.');
    expect(tokenizer.decode([...ids])).toBe('Call me Ishmael.');
    expect(tokenizer.decode(BigInt64Array.from(ids, BigInt))).toBe('Call me Ishmael.');
    expect(tokenizer.decodeBatch([ids, []])).toEqual(['Call me Ishmael.', '']);
    for (const wrong of [null, undefined, 5, '12', {}]) {
      const error = await failure(() => tokenizer.decode(wrong as never));
      expect(error.code).toBe('INVALID_INPUT');
      expect(error.message).toContain('expected a list of ids for ids, received');
    }
    const mixed = await failure(() => tokenizer.decode([1, '2', true, 3, null, -1] as never));
    expect(mixed.code).toBe('INVALID_INPUT');
    expect(mixed.faults?.map(({ path }) => path)).toEqual(['ids[1]', 'ids[2]', 'ids[4]', 'ids[5]']);
    expect((await failure(() => tokenizer.decodeBatch(null as never))).code).toBe('INVALID_INPUT');
    const lists = await failure(() => tokenizer.decodeBatch([[1], [1, 'a']] as never));
    expect(lists.faults?.map(({ path }) => path)).toEqual(['lists[1][1]']);
  });

  const typos: [string, (options: never) => unknown, object, string][] = [
    ['encode', (o) => tokenizer.encode('a', o), { addSpecialToken: 1 }, 'addSpecialTokens'],
    ['encode', (o) => tokenizer.encode('a', o), { truncation: { maxLenth: 1 } }, 'maxLength'],
    ['decode', (o) => tokenizer.decode([1], o), { skipSpecialToken: true }, 'skipSpecialTokens'],
    ['decodeBatch', (o) => tokenizer.decodeBatch([[1]], o), { skipSpecial: 1 }, ''],
    [
      'countTokens',
      (o) => tokenizer.countTokens('a', o),
      { addSpecialtokens: 1 },
      'addSpecialTokens',
    ],
    ['encodeBatchAsync', (o) => tokenizer.encodeBatchAsync(['a'], o), { singal: 1 }, 'signal'],
    ['encodeBatch', (o) => tokenizer.encodeBatch(['a'], o), { paddin: 1 }, 'padding'],
    ['encodeBatchAsync', (o) => tokenizer.encodeBatchAsync(['a'], o), { signal: 1 }, ''],
    ['tensors', (o) => tokenizer.encodeBatch(['a']).tensors(o), { typ: 'int32' }, 'type'],
    ['tensors', (o) => tokenizer.encodeBatch(['a']).tensors(o), { type: 'int3' }, ''],
    ['tensors', (o) => tokenizer.encodeBatch(['a']).tensors(o), { names: ['input_id'] }, ''],
    ['Tokenizer.from', (o) => Tokenizer.from(tiny(), o), { singal: 1 }, 'signal'],
  ];
  test.each(typos)('refuses an option of %s that is none: %#', async (_, call, options, meant) => {
    const error = await failure(Promise.resolve().then(() => call(options as never)));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain(meant && `did you mean "${meant}"?`);
  });

  test('lists the options that this very method takes', async () => {
    const all = 'addSpecialTokens, truncation, padding';
    const strange = { frobnicate: 1 } as never;
    const calls: [string, () => unknown][] = [
      [`pair, ${all}`, () => tokenizer.encode('a', strange)],
      [all, () => tokenizer.encodeBatch(['a'], strange)],
      [`signal, ${all}`, () => tokenizer.encodeBatchAsync(['a'], strange)],
    ];
    for (const [expected, call] of calls) {
      const { message } = await failure(Promise.resolve().then(call));
      expect(message).toMatch(new RegExp(`"frobnicate", expected ${expected}$`));
    }
    expect(tokenizer.encodeBatch(['a'], { pair: null })).toHaveLength(1);
    const pair = await failure(() => tokenizer.encodeBatch(['a'], { pair: 'b' }));
    expect(pair.message).toContain('expected pairs as [text, pair] in the list');
  });

  test('refuses options that are no object, takes null', async () => {
    const calls: ((options: never) => unknown)[] = [
      (o) => tokenizer.encode('a', o),
      (o) => tokenizer.decode([1], o),
      (o) => tokenizer.countTokens('a', o),
      (o) => tokenizer.encodeBatch(['a']).tensors(o),
    ];
    for (const call of calls) {
      expect((await failure(() => call(5 as never))).code).toBe('INVALID_OPTION');
      expect(() => call(null as never)).not.toThrow();
    }
    const inBackground = tokenizer.encodeBatchAsync(['a'], 5 as never);
    expect((await failure(inBackground)).code).toBe('INVALID_OPTION');
  });

  test('finds tokens by id and ids by token', () => {
    const id = tokenizer.tokenToId('▁the');
    expect(id).toBeDefined();
    expect(tokenizer.idToToken(id ?? -1)).toBe('▁the');
    expect(tokenizer.tokenToId('no such token')).toBeUndefined();
    expect(tokenizer.idToToken(2 ** 31)).toBeUndefined();
    expect(tokenizer.idToToken(2 ** 32 - 1)).toBeUndefined();
    expect(tokenizer.idToToken(-1)).toBeUndefined();
    expect(tokenizer.info.model).toBe('Unigram');
    expect(tokenizer.info.components).toContain('normalizer:NFKC');
    expect(tokenizer.idToToken(tokenizer.info.unknownId ?? -1)).toBe('\ufffd');
  });

  test('hears its signal while the core loads the file', async () => {
    const late = new AbortController();
    const work = Tokenizer.from(tiny(), { signal: late.signal });
    late.abort('enough');
    const error = await failure(work);
    expect(error.code).toBe('ABORTED');
    expect(error.cause).toBe('enough');
  });

  const testNatively = testIf(TARGET === 'native', 'WebAssembly loads it at one go');
  testNatively('and while a thread does so', async () => {
    const late = new AbortController();
    const work = Tokenizer.from(tiny(), { signal: late.signal });
    // Through all that comes before the thread; its answer waits for the event loop to turn.
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
    late.abort();
    expect((await failure(work)).code).toBe('ABORTED');
  });

  test('refuses to work once it was disposed; what it made stays', async () => {
    const mortal = await Tokenizer.from(tiny());
    const { ids } = mortal.encode('ab');
    mortal.dispose();
    mortal.dispose();
    expect((await failure(() => mortal.encode('ab'))).code).toBe('DISPOSED');
    expect([...ids]).toEqual([5]);
  });
});

describe('a file that is no tokenizer', () => {
  const code = async (source: Uint8Array | string) => (await failure(Tokenizer.from(source))).code;

  test('is named when it is missing, or a folder without one', async () => {
    expect(await code('no/such/tokenizer.json')).toBe('NOT_FOUND');
    expect(await code(`${defaultModel}/onnx`)).toBe('NOT_FOUND');
  });

  test.each([
    ['nothing', ''],
    ['half of a file', '{"version": "1.0", "model": {"type": "Unigram", "vocab": [["a", '],
    ['a web page', '<!DOCTYPE html><html><body>404</body></html>'],
    ['another JSON', '{"name": "x"}'],
    ['a list', '[1, 2]'],
    ['bytes', '\u0000\u0001\u0002'],
  ])('is refused: %s', async (_, text) => {
    expect(await code(bytes(text))).toBe('NOT_A_TOKENIZER');
  });

  test.each(['normalizer', 'pre_tokenizer', 'post_processor', 'decoder', 'model'])(
    'is refused for an unknown %s, by name',
    async (stage) => {
      const file = tiny((json) => (json[stage] = { type: 'Frobnicate' }));
      const error = await failure(Tokenizer.from(file));
      expect(error.code).toBe('UNSUPPORTED_COMPONENT');
      expect(error.message).toContain('Frobnicate');
    },
  );

  test('is refused for wrong types, with the place in the file', async () => {
    const file = tiny((json) => {
      (json['model'] as { vocab: unknown[] }).vocab[1] = ['▁', 'minus three'];
    });
    const error = await failure(Tokenizer.from(file));
    expect(error.code).toBe('NOT_A_TOKENIZER');
    expect(error.message).toContain('vocab[1]');
  });

  test('does no harm when it is hostile', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    expect(['NOT_A_TOKENIZER', 'LIMIT_EXCEEDED']).toContain(await code(bytes(deep)));
    const huge = tiny((json) => {
      json['added_tokens'] = [
        {
          id: 4294967295,
          content: '<x>',
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
          special: true,
        },
      ];
    });
    // The id of an added token is the file's own business; its size must not become memory.
    const told: string[] = [];
    const tokenizer = await Tokenizer.from(huge, { onWarning: ({ code }) => told.push(code) });
    expect(told).toEqual(['TOKEN_ID_CHANGED']);
    expect(tokenizer.info.warnings[0]?.message).toContain('"<x>" is 6, not 4294967295');
    expect(tokenizer.encode('a <x> b').tokens).toContain('<x>');
    expect(tokenizer.info.bytes).toBeLessThan(1e6);
    const exploding = tiny((json) => {
      const step = { type: 'Replace', pattern: { String: 'b' }, content: 'b'.repeat(1000) };
      json['decoder'] = { type: 'Sequence', decoders: [step, step] };
    });
    const decodes = await Tokenizer.from(exploding);
    const error = await failure(() => decodes.decode([3, 3]));
    expect(error.code).toBe('LIMIT_EXCEEDED');
    const unk = tiny((json) => ((json['model'] as { unk_id: number }).unk_id = 99));
    expect(await code(unk)).toBe('NOT_A_TOKENIZER');
  });
});

test('characters that are left out make neighbours of those around them', async () => {
  // No token for what is unknown, and a rule from one side of a space to the other.
  const vocab = { a: 0, b: 1, '\u2581': 2, '\u2581b': 3, 'a\u2581b': 4 };
  const file = {
    version: '1.0',
    added_tokens: [],
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
    model: {
      type: 'BPE',
      vocab,
      merges: [
        ['\u2581', 'b'],
        ['a', '\u2581b'],
      ],
    },
  };
  const tokenizer = await Tokenizer.from(new TextEncoder().encode(JSON.stringify(file)));
  expect([...tokenizer.encode('a b').ids]).toEqual([4]);
  expect([...tokenizer.encode('a\u00e9 b').ids]).toEqual([4]);
  expect(tokenizer.encode('a\u00e9 b').tokens).toEqual(['a\u2581b']);
});
