/**
 * `tokenizer.json` for the vocabulary: a Unigram model that cuts a text into the pieces with the
 * highest total score. Case-sensitive; no tokens are added at the ends.
 */
import { kMaxTokens } from './encoder.mjs';

const kUnkId = 0;
/** Ids 0–5 (unknown, <s>, </s>, three spare ones) stand for no text. */
const kReserved = 6;
/** Low enough that a reserved piece never wins where its text occurs. */
const kReservedScore = -1000;
/** Seven published scores are null; JavaScript, for which they were made, adds null as 0. */
const kMissingScore = 0;

/** @param {import('./source.mjs').Source['vocabulary']} vocabulary @returns {object} */
export function buildTokenizer(vocabulary) {
  const vocab = vocabulary.map(([piece, score], id) => [
    piece,
    id < kReserved ? kReservedScore : (score ?? kMissingScore),
  ]);
  const metaspace = { type: 'Metaspace', replacement: '▁' };
  return {
    version: '1.0',
    truncation: { direction: 'Right', max_length: kMaxTokens, strategy: 'LongestFirst', stride: 0 },
    padding: {
      strategy: 'BatchLongest',
      direction: 'Right',
      pad_to_multiple_of: null,
      pad_id: kUnkId,
      pad_type_id: 0,
      pad_token: vocab[kUnkId][0],
    },
    added_tokens: [],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFKC' },
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: { ...metaspace, prepend_scheme: 'never', split: true },
    post_processor: null,
    decoder: { ...metaspace, prepend_scheme: 'always', split: true },
    model: { type: 'Unigram', unk_id: kUnkId, vocab, byte_fallback: false },
  };
}
