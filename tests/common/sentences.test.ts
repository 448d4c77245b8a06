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

  test('refuses what is no text, and options that are none', async () => {
    expect((await failure(() => splitSentences(null as never))).code).toBe('INVALID_INPUT');
    for (const options of [{ minWord: 2 }, { minWords: -1 }, { minWords: 'two' }, 5]) {
      const error = await failure(() => splitSentences('a', options as never));
      expect(error.code).toBe('INVALID_OPTION');
      expect(error.message).toContain('options of splitSentences');
    }
  });
});
