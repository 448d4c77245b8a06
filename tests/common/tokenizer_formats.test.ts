/** Files of SentencePiece and tiktoken through the interface: their own answers, see tests/conformance/README.md. */
import { describe, expect, test } from '@jest/globals';
import { Tokenizer, type TokenizerParts } from 'infercore';
import { readFileSync } from 'node:fs';
import { failure } from './failure';

interface Golden {
  file: string;
  config?: object;
  cases: { text: string; ids: number[]; decoded: string }[];
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const read = (name: string) => {
  const path = `tests/conformance/format-goldens/${name}.json`;
  const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
  return { ...golden, file: bytesOf(golden.file) };
};

const NAMES = ['unigram', 'unigram-bytes', 'unigram-denormalized', 'bpe', 'bpe-user', 'chars'];
const RANKS = ['tiktoken', 'tiktoken-shuffled'];

/** Each byte its own rank, then these. */
function ranks(more: readonly string[] = []): string {
  const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
  return [...bytes, ...more].map((token, rank) => `${btoa(token)} ${rank}`).join('\n');
}

describe("files of tokenizers that are no tokenizer.json, told apart by what's in them", () => {
  test.each([...NAMES, ...RANKS])('give what their own library gives: %s', async (name) => {
    const { file, config, cases } = read(name);
    const parts: TokenizerParts = { vocab: file, ...(config && { config }) };
    using tokenizer = await Tokenizer.from(config ? parts : file);
    for (const { text, ids, decoded } of cases) {
      expect([...tokenizer.encode(text).ids]).toEqual(ids);
      expect(tokenizer.countTokens(text)).toBe(ids.length);
      expect(tokenizer.decode(ids, { skipSpecialTokens: !config })).toBe(decoded);
    }
  });

  test('say which model they have, and know their special tokens', async () => {
    using pieces = await Tokenizer.from(read('bpe-user').file);
    expect(pieces.info.model).toBe('BPE');
    expect(pieces.info.components).toContain('normalizer:SentencePiece');
    expect(pieces.tokenToId('<s>')).toBe(1);
    expect(pieces.idToToken(2)).toBe('</s>');
    // A control piece is no text's part, and no text's part is left out.
    expect([...pieces.encode('<s>').ids]).not.toContain(1);
    expect(pieces.decode([1, ...pieces.encode('the whale').ids, 2])).toBe('the whale');
    using found = pieces.withTokens([{ content: '<s>', special: true }]);
    expect([...found.encode('<s>').ids]).toContain(1);
  });

  test('have offsets in the text', async () => {
    using tokenizer = await Tokenizer.from(read('unigram').file);
    const text = '  the ﬁne whale';
    const { offsets, tokens } = tokenizer.encode(text);
    const parts = offsets.map(([start, end]) => text.slice(start, end));
    expect(tokens[0]).toBe('▁the');
    expect(parts[0]).toBe('the');
    expect(parts.at(-1)).toContain('whale');
    expect(parts.slice(1, -1).join('')).toContain('ﬁ');
  });

  test('config of a .model says what is put around texts', async () => {
    const { file } = read('bpe');
    const ids = async (config: object, text: string) => {
      using tokenizer = await Tokenizer.from({ vocab: file, config });
      return [...tokenizer.encode(text).ids];
    };
    const plain = await ids({}, 'whale');
    expect(await ids({ add_bos_token: true }, 'whale')).toEqual([1, ...plain]);
    const llama = { tokenizer_class: 'LlamaTokenizerFast', add_eos_token: true };
    expect(await ids(llama, 'whale')).toEqual([1, ...plain, 2]);
    expect(await ids({ tokenizer_class: 'T5Tokenizer' }, 'whale')).toEqual([...plain, 2]);
    const tokens = {
      added_tokens_decoder: { 1: { content: '<s>', special: true }, 300: { content: '<x>' } },
      legacy: false,
    };
    using tokenizer = await Tokenizer.from({ vocab: file, config: tokens });
    const added = tokenizer.encode('<s>whale<x>');
    expect(added.ids[0]).toBe(1);
    expect(added.tokens.at(-1)).toBe('<x>');
    // The space in front of a text stands where it starts alone.
    expect(added.tokens[1]).not.toContain('▁');
  });

  test('config of a .model from before added_tokens_decoder names tokens alone', async () => {
    const { file } = read('bpe');
    using plain = await Tokenizer.from(file);
    const size = plain.vocabSize;
    const t5 = { tokenizer_class: 'T5Tokenizer', eos_token: '</s>', extra_ids: 3 };
    using found = await Tokenizer.from({ vocab: file, config: t5 });
    const after = [2, size, size + 1, size + 2, 2];
    const text = '</s><extra_id_2><extra_id_1><extra_id_0>';
    expect([...found.encode(text).ids]).toEqual(after);
    expect(found.info.warnings).toEqual([]);
    const unnamed = { extra_ids: 3, eos_token: '</s>', pat_str: null, add_prefix_space: null };
    using guessed = await Tokenizer.from({ vocab: file, config: unnamed });
    expect([...guessed.encode(text).ids]).toEqual(after);
    const empty = { ...t5, added_tokens_decoder: {} };
    using same = await Tokenizer.from({ vocab: file, config: empty });
    expect([...same.encode(text).ids]).toEqual(after);
    const strips = { additional_special_tokens: [{ content: '<y>', lstrip: true }] };
    using stripping = await Tokenizer.from({ vocab: file, config: strips });
    const { ids, offsets } = stripping.encode('the <y>');
    expect([ids.at(-1), offsets.at(-1)]).toEqual([size, [3, 7]]);
    const more = { additional_special_tokens: ['<x>', { content: '<y>' }] };
    using own = await Tokenizer.from({ vocab: file, config: more });
    expect([...own.encode('<x><y></s>').ids].slice(0, 2)).toEqual([size, size + 1]);
    expect([...own.encode('</s>').ids]).not.toContain(2);
    const llama = { tokenizer_class: 'LlamaTokenizer' };
    const map = { eos_token: '</s>', pad_token: '[PADDING]' };
    using mapped = await Tokenizer.from({ vocab: file, config: llama, specialTokens: map });
    expect([...mapped.encode('[PADDING]</s>').ids]).toEqual([1, size, 2]);
  });

  test('may be named tokenizer, too, and config is read all the same', async () => {
    const { file } = read('bpe');
    const config = { add_eos_token: true };
    using tokenizer = await Tokenizer.from({ tokenizer: file, config });
    expect([...tokenizer.encode('whale').ids].at(-1)).toBe(2);
    for (const parts of [{ tokenizer: file }, { vocab: ranks() }]) {
      const wrong = { ...parts, config: { add_eos_token: 1, pat_str: 2 } };
      const { code, message } = await failure(() => Tokenizer.from(wrong));
      expect(code).toBe('INVALID_INPUT');
      expect(message).toContain('config.add_eos_token');
      expect(message).toContain('config.pat_str');
    }
    const view = new DataView(file.buffer) as unknown as Uint8Array;
    const { message } = await failure(() => Tokenizer.from({ vocab: view }));
    expect(message).toContain('expected text or bytes for vocab');
  });

  test.each(['tokenizer.model', 'spiece.model'])('are found in a folder: %s', async (name) => {
    const config = { tokenizer_class: 'LlamaTokenizer' };
    const bytes = new TextEncoder().encode(JSON.stringify(config));
    const files = { [name]: read('bpe').file, 'tokenizer_config.json': bytes };
    using tokenizer = await Tokenizer.from(files);
    expect(tokenizer.encode('whale').ids[0]).toBe(1);
    // Read without a class it would give other ids than the model was trained with.
    const { code, message } = await failure(() => Tokenizer.from({ [name]: read('bpe').file }));
    expect(code).toBe('UNSUPPORTED_COMPONENT');
    expect(message).toContain(`tokenizer_class in tokenizer_config.json beside ${name}`);
  });

  test('names what is wrong', async () => {
    const { file } = read('bpe');
    const refused = (source: unknown) => failure(() => Tokenizer.from(source as TokenizerParts));
    const bytes = (text: string) => new TextEncoder().encode(text);
    for (const [source, code, message] of [
      [file.subarray(0, 500), 'NOT_A_TOKENIZER', 'broken bytes'],
      [{ vocab: file, merges: 'a b' }, 'NOT_A_TOKENIZER', 'expected no merges with a .model'],
      [{ vocab: file, config: { add_eos_token: 1 } }, 'INVALID_INPUT', 'config.add_eos_token'],
      [
        { vocab: file, config: { tokenizer_class: 'XLMRobertaTokenizer' } },
        'UNSUPPORTED_COMPONENT',
        'XLMRobertaTokenizer',
      ],
      [
        { vocab: file, config: { add_bos_token: true, bos_token: '[CLS]' } },
        'INVALID_INPUT',
        'one of the tokens for bos, received "[CLS]"',
      ],
      [bytes(ranks()), 'NOT_A_TOKENIZER', 'pat_str in config'],
      [bytes('YWI= 0\nYWM= x'), 'NOT_A_TOKENIZER', 'line 2'],
      [{ vocab: ranks(), config: { pat_str: '(' } }, 'INVALID_INPUT', 'opening parenthesis'],
      [{ vocab: ranks(), config: { pat_str: 7 } }, 'INVALID_INPUT', 'config.pat_str'],
      [
        { vocab: ranks(), config: { pat_str: '.', special_tokens: { a: 'b' } } },
        'INVALID_INPUT',
        'config.special_tokens',
      ],
      [
        { vocab: ranks(), config: { pat_str: '.', special_tokens: { '<e>': 5 } } },
        'NOT_A_TOKENIZER',
        'no other token has, received 5 for "<e>"',
      ],
      [
        { vocab: ranks(), config: { pat_str: '.', special_tokens: { '<e>': 900, '<f>': 900 } } },
        'NOT_A_TOKENIZER',
        'no other token has, received 900 for "<f>"',
      ],
      [
        { vocab: ranks(['a'.repeat(1025)]), config: { pat_str: '.' } },
        'LIMIT_EXCEEDED',
        'at most 1024, received 1025',
      ],
    ] as const) {
      const error = await refused(source);
      expect(error.message).toContain(message);
      expect(error.code).toBe(code);
    }
    expect((await refused(bytes(ranks()))).hint).toContain('special_tokens');
  });
});
