import { describe, expect, test } from '@jest/globals';
import { Tokenizer, type TokenizerParts } from 'infercore';
import { failure } from './failure';

const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'whale', '##s', 'e', '##́', 'É'];
const utf8 = (text: string) => new TextEncoder().encode(text);

/** What GPT-2's vocabulary is made of: printable letters for all bytes, then merges. */
function byteLetters(): string[] {
  const printable = (byte: number) =>
    (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : next++),
  );
}

function bpe(more: readonly string[], merges: readonly string[]): TokenizerParts {
  const vocab: Record<string, number> = {};
  for (const token of [...byteLetters(), ...more]) vocab[token] ??= Object.keys(vocab).length;
  return {
    vocab: JSON.stringify(vocab),
    merges: `#version: 0.2\n${merges.join('\n')}\n`,
  };
}

const tokensOf = async (parts: TokenizerParts, text: string, pair?: string) => {
  using tokenizer = await Tokenizer.from(parts);
  return [...tokenizer.encode(text, pair === undefined ? {} : { pair }).tokens];
};

describe('a tokenizer of the files of older models', () => {
  test('vocab.txt is one of BERT, as text or as bytes, with any end of line', async () => {
    const expected = ['[CLS]', 'the', 'whale', '##s', '[SEP]', 'whale', '[UNK]', '[SEP]'];
    for (const vocab of [WORDS.join('\n'), utf8(`${WORDS.join('\r\n')}\r\n`)]) {
      expect(await tokensOf({ vocab }, 'The whales', 'whale ship')).toEqual(expected);
    }
    using tokenizer = await Tokenizer.from({ vocab: WORDS.join('\n') });
    const encoding = tokenizer.encode('the [MASK]', { pair: 'whale' });
    expect([...encoding.typeIds]).toEqual([0, 0, 0, 0, 1, 1]);
    expect(encoding.tokens[2]).toBe('[MASK]');
    expect(tokenizer.decode(tokenizer.encode('the whales').ids)).toBe('the whales');
    expect(tokenizer.info.model).toBe('WordPiece');
  });

  test('config says how it reads texts', async () => {
    const vocab = WORDS.join('\n');
    expect(await tokensOf({ vocab }, 'É')).toEqual(['[CLS]', 'e', '[SEP]']);
    const cased = { do_lower_case: false, tokenizer_class: 'BertTokenizerFast' };
    expect(await tokensOf({ vocab, config: cased }, 'É')).toEqual(['[CLS]', 'É', '[SEP]']);
    const named = {
      unk_token: { content: '<u>' },
      sep_token: '</s>',
      cls_token: '<s>',
      pad_token: '<p>',
    };
    const other = ['<p>', '<u>', '<s>', '</s>', 'whale'].join('\n');
    expect(await tokensOf({ vocab: other, config: named }, 'whale x')).toEqual([
      '<s>',
      'whale',
      '<u>',
      '</s>',
    ]);
  });

  test('vocab.json with merges.txt is one of GPT-2, RoBERTa or CLIP', async () => {
    const merges = ['w h', 'wh a', 'Ġ wha'];
    const pieces = ['wh', 'wha', 'Ġwha'];
    const gpt2 = bpe([...pieces, '<|endoftext|>'], merges);
    expect(await tokensOf(gpt2, 'wha wha<|endoftext|>')).toEqual(['wha', 'Ġwha', '<|endoftext|>']);
    const config = { add_bos_token: true, bos_token: '<|endoftext|>' };
    expect(await tokensOf({ ...gpt2, config }, 'wha', 'wha')).toEqual([
      '<|endoftext|>',
      'wha',
      'wha',
    ]);
    const roberta = bpe([...pieces, '<s>', '<pad>', '</s>', '<unk>', '<mask>'], merges);
    const named = { ...roberta, config: { tokenizer_class: 'RobertaTokenizer' } };
    expect(await tokensOf(named, 'wha wha <mask>', 'wha')).toEqual([
      '<s>',
      'wha',
      'Ġwha',
      ' <mask>', // takes the space on its left along
      '</s>',
      '</s>',
      'wha',
      '</s>',
    ]);
    const clip = bpe(
      ['wh', 'wha</w>', '<|startoftext|>', '<|endoftext|>', 'a</w>'],
      ['w h', 'wh a</w>'],
    );
    expect(
      await tokensOf({ ...clip, config: { tokenizer_class: 'CLIPTokenizer' } }, ' WHA  wha'),
    ).toEqual(['<|startoftext|>', 'wha</w>', 'wha</w>', '<|endoftext|>']);
  });

  test('names what is wrong', async () => {
    const refused = (parts: unknown) => failure(() => Tokenizer.from(parts as TokenizerParts));
    const wrong = await refused({ vocab: 7, merge: '', config: { do_lower_case: 'no' } });
    expect(wrong.code).toBe('INVALID_INPUT');
    expect(wrong.faults?.map(({ path }) => path).sort()).toEqual([
      'config.do_lower_case',
      'merge',
      'vocab',
    ]);
    for (const [parts, message] of [
      [{ vocab: '' }, 'an empty file'],
      [{ vocab: 'a\nb' }, '"[UNK]" in vocab'],
      [{ vocab: '{"a": 0' }, 'as JSON'],
      [{ vocab: '{"a": -1}' }, 'an id ≥ 0'],
      [{ vocab: WORDS.join('\n'), merges: 'abc' }, 'two tokens and a space'],
      [{ vocab: '{"a": 0}', config: { tokenizer_class: 'GPT2Tokenizer' } }, 'expected merges'],
    ] as const) {
      const error = await refused(parts);
      expect(error.message).toContain(message);
      expect(error.code).toBe('NOT_A_TOKENIZER');
    }
    // What transformers converts in another way is none of these, whatever its files look like.
    for (const tokenizer_class of [
      'T5Tokenizer',
      'MPNetTokenizer',
      'BertJapaneseTokenizer',
      'Bert',
    ]) {
      const unknown = { vocab: WORDS.join('\n'), config: { tokenizer_class } };
      expect((await refused(unknown)).code).toBe('UNSUPPORTED_COMPONENT');
    }
    const unnamed = await refused(bpe(['<s>', '</s>'], []));
    expect(unnamed.code).toBe('UNSUPPORTED_COMPONENT');
    expect(unnamed.hint).toContain('tokenizer_config.json');
  });
});
