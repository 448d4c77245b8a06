import { describe, expect, test } from '@jest/globals';
import { splitSentences } from 'infercore';
import { failure } from './failure';

describe('splitSentences', () => {
  test('gives sentences with the lines on which they begin', () => {
    const text = 'Call me Ishmael. Mr. Starbuck\nsmiled.\r\n\r\n\r\nCHAPTER 2\n\n«No, J. Ahab!»';
    expect(splitSentences(text)).toEqual([
      { text: 'Call me Ishmael.', line: 1 },
      { text: 'Mr. Starbuck smiled.', line: 1 },
      { text: 'CHAPTER 2', line: 5 },
      { text: '«No, J. Ahab!»', line: 7 },
    ]);
  });

  test('leaves out what has fewer words', () => {
    expect(splitSentences('Yes. That is so.', { minWords: 2 })).toEqual([
      { text: 'That is so.', line: 1 },
    ]);
    expect(splitSentences('', null as never)).toEqual([]);
  });

  test('parts a long paragraph as a short one, wherever its sentences are', () => {
    const words = ['etc. ', '12 ', '3.14 ', 'word ', 'The end. ', 'Next ', '«why?» ', '… ', '7 '];
    let state = 1;
    const next = () => (state = (state * 48271) % 2147483647);
    const text = Array.from({ length: 20_000 }, () => words[next() % words.length]).join('');
    const whole = new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text.trim());
    const expected = Array.from(whole, ({ segment }) => segment.trim());
    expect(expected.length).toBeGreaterThan(2000);
    expect(splitSentences(text.trim()).map((sentence) => sentence.text)).toEqual(expected);
  });

  test('refuses what is no text, and options that are none', async () => {
    expect((await failure(() => splitSentences(null as never))).code).toBe('INVALID_INPUT');
    for (const options of [{ minWord: 2 }, { minWords: -1 }, { minWords: 'two' }, 5]) {
      const error = await failure(() => splitSentences('a', options as never));
      expect(error.code).toBe('INVALID_OPTION');
      expect(error.message).toContain('options of splitSentences');
    }
  });
});
