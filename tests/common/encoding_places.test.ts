import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Tokenizer, type Encoding } from 'infercore';
import { testModel } from './model_paths';

const [TEXT, PAIR] = ['the whale dives', 'a ship sails'];

describe('places of tokens, words and characters', () => {
  let tokenizer: Tokenizer;
  let encoding: Encoding;
  beforeAll(async () => {
    tokenizer = await Tokenizer.from(`${testModel('tiny-bert')}/tokenizer.json`);
    encoding = tokenizer.encode(TEXT, { pair: PAIR });
  });
  afterAll(() => {
    tokenizer.dispose();
  });

  test('lead from a character to its token and back', () => {
    for (const [sequence, text] of [TEXT, PAIR].entries()) {
      for (let position = 0; position < text.length; ++position) {
        const token = encoding.charToToken(position, sequence);
        if (token === undefined) {
          expect(text[position]).toBe(' ');
          continue;
        }
        expect(encoding.tokenToSequence(token)).toBe(sequence);
        const [start, end] = encoding.tokenToChars(token) ?? [0, 0];
        expect(start).toBeLessThanOrEqual(position);
        expect(end).toBeGreaterThan(position);
      }
    }
  });

  test('lead from a word to its tokens and characters', () => {
    const word = encoding.charToWord(TEXT.indexOf('whale'));
    expect(word).toBe(1);
    const [start, end] = encoding.wordToTokens(1) ?? [0, 0];
    expect(encoding.wordIds.slice(start, end).every((id) => id === 1)).toBe(true);
    expect(encoding.tokenToWord(start)).toBe(1);
    expect(TEXT.slice(...(encoding.wordToChars(1) ?? [0, 0])).trim()).toBe('whale');
    expect(PAIR.slice(...(encoding.wordToChars(1, 1) ?? [0, 0])).trim()).toBe('ship');
  });

  test('are undefined where there are none', () => {
    const special = [...encoding.specialTokensMask].indexOf(1);
    expect(special).toBeGreaterThanOrEqual(0);
    expect(encoding.tokenToChars(special)).toBeUndefined();
    expect(encoding.tokenToWord(special)).toBeUndefined();
    expect(encoding.tokenToSequence(special)).toBeUndefined();
    expect(encoding.tokenToChars(999)).toBeUndefined();
    expect(encoding.tokenToWord(-1)).toBeUndefined();
    expect(encoding.charToToken(999)).toBeUndefined();
    expect(encoding.charToToken(0, 2)).toBeUndefined();
    expect(encoding.charToWord(999)).toBeUndefined();
    expect(encoding.wordToTokens(99)).toBeUndefined();
    expect(encoding.wordToTokens(-1)).toBeUndefined();
    expect(encoding.wordToChars(99)).toBeUndefined();
  });
});
