import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Tokenizer } from 'infercore';
import { failure } from './failure';
import { defaultModel } from './model_paths';

/** Pieces of letters and of single bytes, so that characters take several tokens. */
function byteTokenizer(): Promise<Tokenizer> {
  const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, '0');
  const json = {
    version: '1.0',
    added_tokens: [
      {
        id: 1,
        content: '</s>',
        special: true,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
      },
    ],
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'Unigram',
      unk_id: 0,
      byte_fallback: true,
      vocab: [
        ['<unk>', 0],
        ['</s>', 0],
        ['▁', -3],
        ...Array.from({ length: 26 }, (_, i) => [String.fromCharCode(97 + i), -4]),
        ...Array.from({ length: 256 }, (_, byte) => [`<0x${hex(byte)}>`, 0]),
      ],
    },
  };
  return Tokenizer.from(new TextEncoder().encode(JSON.stringify(json)));
}

describe('a stream of ids', () => {
  let bytes: Tokenizer;
  let words: Tokenizer;
  beforeAll(async () => {
    [bytes, words] = await Promise.all([
      byteTokenizer(),
      Tokenizer.from(`${defaultModel}/tokenizer.json`),
    ]);
  });
  afterAll(() => {
    bytes.dispose();
    words.dispose();
  });

  const streamed = (tokenizer: Tokenizer, ids: Iterable<number>): string[] => {
    const stream = tokenizer.decodeStream();
    return [...Array.from(ids, (id) => stream.push(id)), stream.end()];
  };

  test('gives a word with its space, as soon as it is there', () => {
    const { ids } = words.encode('Call me Ishmael.');
    const parts = streamed(words, ids);
    expect(parts.slice(0, 2)).toEqual(['Call', ' me']);
    expect(parts.join('')).toBe('Call me Ishmael.');
  });

  test('holds back a character until it is whole', () => {
    const { ids } = bytes.encode('a😀b', { addSpecialTokens: false });
    expect(bytes.decode(ids)).toBe('a😀b');
    expect(streamed(bytes, ids)).toEqual([
      ...(ids.length === 7 ? [''] : []), // the space of its own that Metaspace puts before
      'a',
      '',
      '',
      '',
      '😀',
      'b',
      '',
    ]);
  });

  test('gives a half character at the end as U+FFFD, and then begins anew', () => {
    const [first] = bytes.encode('😀').ids.slice(-4);
    const stream = bytes.decodeStream();
    expect(stream.push(first ?? 0)).toBe('');
    expect(stream.end()).toBe('\ufffd');
    expect(stream.end()).toBe('');
    const { ids } = bytes.encode('b');
    expect([...ids].map((id) => stream.push(id)).join('')).toBe('b');
  });

  test('gives all in all what decode gives, for any text', () => {
    for (const tokenizer of [bytes, words]) {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
          const { ids } = tokenizer.encode(text, { truncation: false });
          const parts = streamed(tokenizer, ids);
          expect(parts.join('')).toBe(tokenizer.decode(ids));
          // Never half of a surrogate pair either.
          for (const part of parts) expect(part).not.toMatch(/\p{Surrogate}/u);
        }),
        { seed: 1, numRuns: 300 },
      );
    }
  });

  test('gives bytes that make no text, too, in the end', () => {
    const byte = bytes.tokenToId('<0xFF>') ?? 0;
    const ids = Array.from({ length: 1000 }, () => byte);
    const parts = streamed(bytes, ids);
    expect(parts.join('')).toBe('\ufffd'.repeat(1000));
    expect(parts.at(-1)?.length).toBeLessThan(100);
  });

  test('goes on with special tokens between, and with those that it is to show', () => {
    const end = bytes.tokenToId('</s>') ?? 0;
    const { ids } = bytes.encode('ab cd');
    const many = Array.from({ length: 40 }, () => end);
    const parts = streamed(bytes, [...many, ...ids, ...many, ...ids]);
    expect(parts.join('')).toBe(bytes.decode([...many, ...ids, ...many, ...ids]));
    const shown = bytes.decodeStream({ skipSpecialTokens: false });
    expect([end, ...ids].map((id) => shown.push(id)).join('') + shown.end()).toBe(
      bytes.decode([end, ...ids], { skipSpecialTokens: false }),
    );
  });

  test('says what is wrong, and takes nothing then', async () => {
    const stream = words.decodeStream();
    const [id = 0] = words.encode('Call').ids;
    const refused = await failure(() => stream.push(-1));
    expect(refused.code).toBe('INVALID_INPUT');
    expect(refused.message).toContain('received -1');
    expect(stream.push(BigInt(id))).toBe('Call');
    const wrong = { skipSpecialToken: true } as never;
    expect((await failure(() => words.decodeStream(wrong))).message).toContain('did you mean');
  });

  test('is over with its tokenizer', async () => {
    const tokenizer = await byteTokenizer();
    const stream = tokenizer.decodeStream();
    tokenizer.dispose();
    expect((await failure(() => stream.push(3))).code).toBe('DISPOSED');
    expect(stream.end()).toBe('');
  });
});
