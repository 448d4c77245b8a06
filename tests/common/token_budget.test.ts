import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Tokenizer } from 'infercore';
import { failure } from './failure';
import { defaultModel, testModel } from './model_paths';

const TEXT =
  'Call me Ishmael. Some years ago—never mind how long precisely—having little or no money in my purse, I thought I ' +
  'would sail about a little and see the watery part of the world. 😀 naïve café ﬁns';

describe('texts cut to a number of tokens', () => {
  let plain: Tokenizer;
  let special: Tokenizer;
  beforeAll(async () => {
    plain = await Tokenizer.from(`${defaultModel}/tokenizer.json`);
    special = await Tokenizer.from(`${testModel('tiny-bert')}/tokenizer.json`);
  });
  afterAll(() => {
    plain.dispose();
    special.dispose();
  });

  test('truncate gives the longest beginning that fits', () => {
    const all = plain.countTokens(TEXT);
    for (let maxTokens = 1; maxTokens <= all; ++maxTokens) {
      const cut = plain.truncate(TEXT, { maxTokens });
      expect(TEXT.startsWith(cut)).toBe(true);
      expect(plain.countTokens(cut)).toBeLessThanOrEqual(maxTokens);
    }
    expect(plain.truncate(TEXT, { maxTokens: all })).toBe(TEXT);
    expect(plain.truncate('Call me Ishmael.', { maxTokens: 2 }).trim()).toBe('Call me');
    expect(plain.truncate('', { maxTokens: 1 })).toBe('');
  });

  test('special tokens count, unless they are not asked for', async () => {
    const with0 = special.countTokens('') - special.countTokens('', { addSpecialTokens: false });
    expect(with0).toBeGreaterThan(0);
    expect(special.truncate(TEXT, { maxTokens: with0 })).toBe('');
    const alone = special.truncate(TEXT, { maxTokens: 4, addSpecialTokens: false });
    expect(special.truncate(TEXT, { maxTokens: 4 + with0 })).toBe(alone);
    expect(
      await failure(() => special.truncate(TEXT, { maxTokens: with0 - 1 || 0 })),
    ).toMatchObject({
      code: 'INVALID_OPTION',
    });
    expect(special.split(TEXT, { maxTokens: 8 }).every(({ tokens }) => tokens <= 8)).toBe(true);
  });

  test('split gives all of the text, between words where it can', () => {
    const parts = plain.split(TEXT, { maxTokens: 12 });
    expect(parts.map(({ text }) => text).join('')).toBe(TEXT);
    expect(parts.length).toBeGreaterThan(2);
    for (const { text, start, end, tokens } of parts) {
      expect(TEXT.slice(start, end)).toBe(text);
      expect(tokens).toBe(plain.countTokens(text));
      expect(tokens).toBeLessThanOrEqual(12);
      if (end < TEXT.length) expect(TEXT.slice(end - 1, end + 1)).toMatch(/\s/);
    }
  });

  test('parts that overlap repeat the end of the one before', () => {
    const parts = plain.split(TEXT, { maxTokens: 12, overlap: 5 });
    for (const [i, part] of parts.entries()) {
      const before = parts[i - 1];
      if (!before) continue;
      expect(part.start).toBeGreaterThan(before.start);
      expect(part.start).toBeLessThanOrEqual(before.end);
      expect(part.end).toBeGreaterThan(before.end);
      const repeated = TEXT.slice(part.start, before.end);
      expect(plain.countTokens(repeated)).toBeLessThanOrEqual(6);
    }
    expect(parts.some(({ start }, i) => i > 0 && start < (parts[i - 1]?.end ?? 0))).toBe(true);
    expect(parts.at(-1)?.end).toBe(TEXT.length);
  });

  test('for any text and any numbers: nothing is lost, nothing too long, nothing cut in two', () => {
    const numbers = fc.record({ maxTokens: fc.integer({ min: 4, max: 30 }), overlap: fc.nat(3) });
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.array(fc.constantFrom('whale', ' ', 'ﬁn', '\n', '😀', 'é', 'x'), { maxLength: 80 }),
    );
    fc.assert(
      fc.property(texts, numbers, (given, { maxTokens, overlap }) => {
        const text = typeof given === 'string' ? given : given.join('');
        let parts;
        try {
          parts = plain.split(text, { maxTokens, overlap });
        } catch (error) {
          expect(String(error)).toContain('expected maxTokens for at least one character');
          return;
        }
        let end = 0;
        for (const part of parts) {
          expect(part.start).toBeLessThanOrEqual(end);
          expect(part.end).toBeGreaterThan(end);
          expect(part.tokens).toBeLessThanOrEqual(maxTokens);
          expect(part.text).not.toMatch(/\p{Surrogate}/u);
          end = part.end;
        }
        expect(end).toBe(text.length);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('a long text without a space is cut as well', () => {
    const text = 'x'.repeat(20_000);
    const parts = plain.split(text, { maxTokens: 100 });
    expect(parts.map((part) => part.text).join('')).toBe(text);
    expect(plain.split('', { maxTokens: 5 })).toEqual([]);
    expect(plain.split('   ', { maxTokens: 5 }).map((part) => part.text)).toEqual(['   ']);
  });

  test('says what is wrong', async () => {
    const refused = await failure(() => plain.truncate(TEXT, {} as never));
    expect(refused.code).toBe('INVALID_OPTION');
    expect(refused.message).toContain('received none');
    expect(
      (await failure(() => plain.split(TEXT, { maxTokens: 5, overlap: 5 }))).message,
    ).toContain('a whole number from 0 to 4 for overlap');
    expect((await failure(() => plain.split(TEXT, { maxToken: 5 } as never))).message).toContain(
      'did you mean "maxTokens"?',
    );
    expect((await failure(() => plain.split(7 as never, { maxTokens: 5 }))).code).toBe(
      'INVALID_INPUT',
    );
    expect((await failure(() => plain.split(TEXT, { maxTokens: 0 }))).code).toBe('INVALID_OPTION');
  });
});
