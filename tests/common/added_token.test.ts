import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Tokenizer, type AddedToken } from 'infercore';
import { failure } from './failure';
import { defaultModel } from './model_paths';

const FILE = `${defaultModel}/tokenizer.json`;
const ADDED: AddedToken[] = [
  { content: '<|user|>', special: true },
  { content: 'Queequeg', singleWord: true },
  { content: '<mask>', special: true, lstrip: true },
  { content: 'ﬁn', rstrip: true },
  { content: 'whale', normalized: false },
];
const TEXTS = [
  'hi <|user|> Queequeg, Queequegs',
  'a   <mask> b<mask>',
  'ﬁn   fin ﬁnish',
  'whales WHALE',
  '',
];

describe('a tokenizer with more tokens', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await Tokenizer.from(FILE);
  });
  afterAll(() => {
    tokenizer.dispose();
  });

  test('is the one that a file with these tokens makes', async () => {
    const json = JSON.parse(readFileSync(FILE, 'utf8')) as { added_tokens: object[] };
    const more = ADDED.map((token, i) => ({
      id: tokenizer.tokenToId(token.content) ?? 9000 + i,
      content: token.content,
      single_word: token.singleWord ?? false,
      lstrip: token.lstrip ?? false,
      rstrip: token.rstrip ?? false,
      normalized: token.normalized ?? !token.special,
      special: token.special ?? false,
    }));
    json.added_tokens.push(...more);
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    using expected = await Tokenizer.from(bytes, { onWarning: () => undefined });
    using larger = tokenizer.withTokens(ADDED);
    expect(larger.vocabSize).toBe(expected.vocabSize);
    for (const text of TEXTS) {
      const [mine, theirs] = [larger.encode(text), expected.encode(text)];
      expect([...mine.ids]).toEqual([...theirs.ids]);
      expect(mine.tokens).toEqual(theirs.tokens);
      expect(mine.offsets).toEqual(theirs.offsets);
      expect(larger.decode(mine.ids)).toBe(expected.decode(theirs.ids));
    }
  });

  test('leaves the first as it is, and outlives it', async () => {
    const first = await Tokenizer.from(FILE);
    const before = [...first.encode('<|user|>').ids];
    const larger = first.withTokens(['<|user|>']).withTokens(['<|end|>']);
    expect(first.tokenToId('<|user|>')).toBeUndefined();
    expect([...first.encode('<|user|>').ids]).toEqual(before);
    const { vocabSize } = first;
    first.dispose();
    const id = larger.tokenToId('<|user|>') ?? 0;
    expect(id).toBeGreaterThanOrEqual(vocabSize);
    expect(larger.tokenToId('<|end|>')).toBe(id + 1);
    expect(larger.idToToken(id + 1)).toBe('<|end|>');
    expect(larger.vocabSize).toBe(vocabSize + 2);
    larger.dispose();
  });

  test('keeps the ids of tokens that are known', () => {
    using larger = tokenizer.withTokens(['▁the', { content: 'xyzzy', special: true }, 'xyzzy']);
    expect(larger.tokenToId('▁the')).toBe(tokenizer.tokenToId('▁the'));
    expect(larger.vocabSize).toBe(tokenizer.vocabSize + 1);
    using same = tokenizer.withTokens([]);
    expect([...same.encode('a whale').ids]).toEqual([...tokenizer.encode('a whale').ids]);
  });

  test('names every wrong token', async () => {
    const wrong = [
      7,
      { content: 'a', lstrip: 'yes' },
      { special: true },
      { content: 'b', strip: 1 },
    ];
    const refused = await failure(() => tokenizer.withTokens(wrong as never));
    expect(refused.code).toBe('INVALID_INPUT');
    expect(refused.faults?.map(({ path }) => path)).toEqual([
      'tokens[0]',
      'tokens[1].lstrip',
      'tokens[2].content',
      'tokens[3].strip',
    ]);
    const empty = await failure(() => tokenizer.withTokens(['a', '', 'x'.repeat(5000)]));
    expect(empty.faults?.map(({ path, code }) => [path, code])).toEqual([
      ['tokens[1]', 'INVALID_INPUT'],
      ['tokens[2]', 'LIMIT_EXCEEDED'],
    ]);
    expect((await failure(() => tokenizer.withTokens('abc' as never))).code).toBe('INVALID_INPUT');
  });
});
