/** What the reference implementation makes of texts, through the interface: see tests/conformance/README.md. */
import { describe, expect, test } from '@jest/globals';
import { type Encoding, Tokenizer } from 'infercore';
import { readFileSync } from 'node:fs';
import { failure } from './failure';

interface GoldenEncoding {
  ids: number[];
  type_ids: number[];
  tokens: string[];
  offsets: [number, number][];
  special_tokens_mask: number[];
  attention_mask: number[];
  word_ids: (number | null)[];
  sequence_ids: (number | null)[];
}
interface Golden {
  tokenizer: object;
  cases: {
    text: string;
    pair?: string;
    add_special_tokens: boolean;
    encoding?: GoldenEncoding;
    decoded?: string;
    error?: true;
  }[];
}

const read = (name: string) =>
  JSON.parse(readFileSync(`tests/conformance/goldens/${name}.json`, 'utf8')) as Golden;

/** Offsets of the goldens count code points, those of the interface UTF-16 units. */
function unitsOf(text: string): number[] {
  const units = [0];
  for (const character of text) units.push((units.at(-1) ?? 0) + character.length);
  return units;
}

function expectEncoding(encoding: Encoding, golden: GoldenEncoding, text: string, pair = ''): void {
  const units = [unitsOf(text), unitsOf(pair)];
  const offsets = golden.offsets.map((range, i) =>
    range.map((point) => units[golden.sequence_ids[i] === 1 ? 1 : 0]?.[point]),
  );
  expect({
    ids: [...encoding.ids],
    type_ids: [...encoding.typeIds],
    tokens: encoding.tokens,
    offsets: encoding.offsets,
    special_tokens_mask: [...encoding.specialTokensMask],
    attention_mask: [...encoding.attentionMask],
    word_ids: encoding.wordIds,
    sequence_ids: encoding.sequenceIds,
  }).toEqual({ ...golden, offsets, overflowing: undefined });
}

const NAMES = [
  'bert-like',
  'bert-truncated-pair',
  'bert-cased-stripped',
  'wordpiece-gaps',
  'wordpiece-no-unk',
  'wordlevel-untyped',
  'ctc-decoder',
  'cuts-in-sequence',
  'bpe-missing-unk',
  'bpe-suffix',
  'bpe-whole-text',
  'byte-level-few',
  'byte-level-space',
  'roberta',
  'split-deepseek',
  'split-o200k',
];

describe('a tokenizer', () => {
  test.each(NAMES)('gives what the reference gives, in every field: %s', async (name) => {
    const { tokenizer: file, cases } = read(name);
    const tokenizer = await Tokenizer.from(new TextEncoder().encode(JSON.stringify(file)), {
      onWarning: () => undefined,
    });
    for (const { text, pair, add_special_tokens, encoding, decoded } of cases) {
      const options = { pair: pair ?? null, addSpecialTokens: add_special_tokens };
      if (encoding === undefined) {
        const error = await failure(() => tokenizer.encode(text, options));
        expect(error.code).toBe('INVALID_INPUT');
        continue;
      }
      const made = tokenizer.encode(text, options);
      expectEncoding(made, encoding, text, pair);
      expect(tokenizer.decode(made.ids, { skipSpecialTokens: false })).toBe(decoded);
    }
    tokenizer.dispose();
  });
});
