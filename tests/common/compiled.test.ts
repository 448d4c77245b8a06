import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Tokenizer } from 'infercore';
import { failure } from './failure';
import { defaultModel } from './model_paths';

const FILE = `${defaultModel}/tokenizer.json`;
const GOLDENS = 'tests/conformance/goldens';
const TEXTS = ['Call me Ishmael. <s> [CLS]', 'ﬁn  naïve 😀', '', 'whale 中文 <|user|>'];

/** FNV-1a: equal for equal bytes on all targets, without a module of Node's. */
function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
}

function plain(tokenizer: Tokenizer, text: string) {
  const { ids, tokens, offsets, typeIds, wordIds, specialTokensMask } = tokenizer.encode(text);
  return { ids, tokens, offsets, typeIds, wordIds, specialTokensMask };
}

interface FormatGolden {
  file: string;
  config?: object;
  cases: { text: string; ids: number[]; decoded: string }[];
}

const warnings = { onWarning: () => undefined };

describe('a compiled tokenizer', () => {
  test('is the same as the one it was made of', async () => {
    using tokenizer = await Tokenizer.from(FILE);
    const bytes = tokenizer.compile();
    expect(bytes).toBeInstanceOf(Uint8Array);
    using compiled = await Tokenizer.from(bytes);
    expect(compiled.info).toEqual(tokenizer.info);
    expect(compiled.vocabSize).toBe(tokenizer.vocabSize);
    for (const text of TEXTS) {
      const expected = plain(tokenizer, text);
      expect(plain(compiled, text)).toEqual(expected);
      expect(compiled.decode(expected.ids)).toBe(tokenizer.decode(expected.ids));
    }
    expect(sumOf(compiled.compile())).toBe(sumOf(bytes));
  });

  test('knows the tokens that were added', async () => {
    using tokenizer = await Tokenizer.from(FILE);
    using larger = tokenizer.withTokens([{ content: '<|user|>', special: true }, 'Ishmael']);
    using compiled = await Tokenizer.from(larger.compile());
    expect(compiled.vocabSize).toBe(tokenizer.vocabSize + 2);
    for (const text of TEXTS) expect(plain(compiled, text)).toEqual(plain(larger, text));
    using more = compiled.withTokens(['whale']);
    expect(more.tokenToId('whale')).toBe(larger.withTokens(['whale']).tokenToId('whale'));
  });

  test('has the same bytes on every target', async () => {
    const sums: Record<string, number> = {};
    for (const name of ['bert-like', 'byte-fallback', 'byte-level-first', 'char-delimiter']) {
      const golden = JSON.parse(readFileSync(`${GOLDENS}/${name}.json`, 'utf8')) as {
        tokenizer: object;
      };
      const json = new TextEncoder().encode(JSON.stringify(golden.tokenizer));
      using tokenizer = await Tokenizer.from(json, warnings);
      sums[name] = sumOf(tokenizer.compile());
    }
    // Others than these can't be read by versions that are out: raise kCompiledFormat in the core.
    expect(sums).toEqual({
      'bert-like': 4261425484,
      'byte-fallback': 1754737219,
      'byte-level-first': 1563687668,
      'char-delimiter': 4190526258,
    });
  });

  test('is what a .model or a .tiktoken file was, with what was said beside it', async () => {
    for (const name of ['unigram-denormalized', 'bpe-ties', 'bpe-user', 'tiktoken']) {
      const path = `tests/conformance/format-goldens/${name}.json`;
      const golden = JSON.parse(readFileSync(path, 'utf8')) as FormatGolden;
      const vocab = Uint8Array.from(atob(golden.file), (c) => c.charCodeAt(0));
      using tokenizer = await Tokenizer.from({ vocab, config: golden.config ?? {} });
      const bytes = tokenizer.compile();
      using compiled = await Tokenizer.from(bytes);
      expect(compiled.info).toEqual(tokenizer.info);
      for (const { text, ids, decoded } of golden.cases) {
        expect([...compiled.encode(text).ids]).toEqual(ids);
        expect(compiled.countTokens(text)).toBe(ids.length);
        expect(compiled.decode(ids, { skipSpecialTokens: !golden.config })).toBe(decoded);
      }
      expect(sumOf(compiled.compile())).toBe(sumOf(bytes));
    }
  });

  test('stands beside a configuration', async () => {
    using tokenizer = await Tokenizer.from(FILE);
    const config = { tokenizer_class: 'BertTokenizer', model_max_length: 77 };
    using compiled = await Tokenizer.from({ tokenizer: tokenizer.compile(), config });
    expect(compiled.config.modelMaxLength).toBe(77);
    expect(plain(compiled, 'Call me Ishmael.')).toEqual(plain(tokenizer, 'Call me Ishmael.'));
    using named = await Tokenizer.from({ vocab: tokenizer.compile(), config });
    expect(plain(named, 'Call me Ishmael.')).toEqual(plain(tokenizer, 'Call me Ishmael.'));
    const merges = failure(() => Tokenizer.from({ vocab: tokenizer.compile(), merges: 'a b' }));
    expect((await merges).message).toContain('expected no merges with a compiled tokenizer');
  });

  test('does not change with the bytes it was given', async () => {
    using tokenizer = await Tokenizer.from(FILE);
    const bytes = tokenizer.compile();
    const expected = plain(tokenizer, 'Call me Ishmael.');
    using compiled = await Tokenizer.from(bytes);
    bytes.fill(255);
    expect(plain(compiled, 'Call me Ishmael.')).toEqual(expected);
  });

  test('says what is wrong with bytes that were changed', async () => {
    using tokenizer = await Tokenizer.from(FILE);
    const good = tokenizer.compile();
    const refused = async (change: (bytes: Uint8Array) => Uint8Array) => {
      const error = await failure(Tokenizer.from(change(good.slice())));
      expect(error).toMatchObject({
        code: 'NOT_A_TOKENIZER',
        hint: 'compile it again from what it was made of',
      });
      return error.message;
    };
    expect(await refused((bytes) => bytes.subarray(0, 5000))).toContain(
      `expected ${good.length} bytes, received 5000 bytes`,
    );
    expect(
      await refused((bytes) => {
        bytes[9000] = (bytes[9000] ?? 0) ^ 1;
        return bytes;
      }),
    ).toContain('it is damaged');
    expect(
      await refused((bytes) => {
        bytes[8] = 200;
        return bytes;
      }),
    ).toContain('received format 200 of another version of infercore');
  });

  test('is disposed as any other', async () => {
    const tokenizer = await Tokenizer.from(FILE);
    tokenizer.dispose();
    await expect(failure(() => tokenizer.compile())).resolves.toMatchObject({ code: 'DISPOSED' });
  });
});
