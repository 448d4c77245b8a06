/** Tokenizers for make-goldens.mjs whose model is WordPiece or WordLevel, and what goes with these. */
import { added, sequence, special } from './json-parts.mjs';

const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const PIECES = [
  ...['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'],
  ...letters,
  ...letters.map((c) => `##${c}`),
  ...[...'ABHTW.,!?\'"#-_0123456789日本漢字語éüğıσ½ﬁ🙂가ガ'],
  ...['hello', 'Hello', 'world', 'un', '##aff', '##affordable', '##or', '##ord', '##able', 'the'],
  ...[
    '##ing',
    '##er',
    '##日',
    '##é',
    '##ß',
    '##e\u0301',
    'uber',
    '##bergro',
    '##9',
    '2024',
    '##',
    'ab',
  ],
];
const vocabOf = (pieces) => Object.fromEntries(pieces.map((piece, id) => [piece, id]));
const wordPiece = (extra = {}) => ({
  type: 'WordPiece',
  unk_token: '[UNK]',
  continuing_subword_prefix: '##',
  max_input_chars_per_word: 100,
  vocab: vocabOf(PIECES),
  ...extra,
});
const wordLevel = (extra = {}) => ({
  type: 'WordLevel',
  vocab: vocabOf([...PIECES, 'Two', 'spaces', ' ', 'a tab', 'x']),
  unk_token: '[UNK]',
  ...extra,
});
const bert = (extra = {}) => ({
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: null,
  lowercase: true,
  ...extra,
});
const SPECIAL = { special: true };
const template = {
  type: 'TemplateProcessing',
  single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
  pair: [
    special('[CLS]', 0),
    sequence('A', 0),
    special('[SEP]', 0),
    sequence('B', 1),
    special('[SEP]', 1),
  ],
  special_tokens: {
    '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
    '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
  },
};
const decoder = { type: 'WordPiece', prefix: '##', cleanup: true };
const plainFile = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: null,
  decoder,
};
/** One pre-tokenizer alone: WordLevel shows each word as it is. */
const cut = (pre_tokenizer) => ({
  ...plainFile,
  pre_tokenizer,
  decoder: null,
  model: wordLevel({ vocab: { '[UNK]': 0, a: 1 } }),
});
const behaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const cleaning = {
  'bert-cased': { lowercase: false },
  'bert-cased-stripped': { lowercase: false, strip_accents: true },
  'bert-lower-accents': { strip_accents: false },
  'bert-unclean': { clean_text: false },
  'bert-unspaced-chinese': { handle_chinese_chars: false },
};

export const wordFiles = {
  'bert-like': {
    ...plainFile,
    normalizer: bert(),
    post_processor: template,
    added_tokens: PIECES.slice(0, 5).map((piece, id) => added(id, piece, SPECIAL)),
    model: wordPiece(),
  },
  ...Object.fromEntries(
    Object.entries(cleaning).map(([name, fields]) => [
      name,
      { ...plainFile, normalizer: bert(fields), pre_tokenizer: null, model: wordPiece() },
    ]),
  ),
  'bert-truncated-pair': {
    ...plainFile,
    normalizer: bert(),
    post_processor: template,
    truncation: { direction: 'Right', strategy: 'LongestFirst', stride: 0, max_length: 9 },
    padding: {
      strategy: { Fixed: 12 },
      direction: 'Right',
      pad_to_multiple_of: null,
      pad_id: 0,
      pad_type_id: 0,
      pad_token: '[PAD]',
    },
    model: wordPiece(),
  },
  'fields-tell-the-kind': {
    ...plainFile,
    normalizer: { type: 'Sequence', normalizers: [bert({ type: 'Cleaning' })] },
    decoder: { ...decoder, type: undefined },
    post_processor: { ...template, type: 'Something' },
    model: wordPiece({ type: undefined }),
  },
  'wordpiece-unspaced': {
    ...plainFile,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    decoder: { ...decoder, cleanup: false },
    model: wordPiece(),
  },
  'wordpiece-short-words': { ...plainFile, model: wordPiece({ max_input_chars_per_word: 5 }) },
  'wordpiece-no-prefix': { ...plainFile, model: wordPiece({ continuing_subword_prefix: '' }) },
  'wordpiece-other-prefix': {
    ...plainFile,
    decoder: { type: 'WordPiece', prefix: 'a', cleanup: true },
    model: wordPiece({ continuing_subword_prefix: 'a' }),
  },
  'wordpiece-no-unk': { ...plainFile, model: wordPiece({ unk_token: '<none>' }) },
  'wordpiece-gaps': {
    ...plainFile,
    added_tokens: [
      added(900, 'Hello', SPECIAL),
      added(7, '<new>', SPECIAL),
      added(8, '<newer>', SPECIAL),
    ],
    model: wordPiece({
      vocab: { '[UNK]': 3, hello: 70000, Hello: 900, w: 5, '##orld': 6, '##o': 4000000000, a: 0 },
    }),
  },
  'wordlevel-untyped': { ...plainFile, decoder: null, model: wordLevel({ type: undefined }) },
  'wordlevel-no-unk': { ...plainFile, model: wordLevel({ unk_token: 'missing' }) },
  'wordlevel-whole-text': { ...plainFile, pre_tokenizer: null, model: wordLevel() },
  'ctc-decoder': {
    ...plainFile,
    pre_tokenizer: { type: 'FixedLength', length: 1 },
    decoder: { type: 'CTC', pad_token: '_', word_delimiter_token: 'x', cleanup: true },
    model: wordLevel(),
  },
  'ctc-decoder-empty': {
    ...plainFile,
    pre_tokenizer: { type: 'FixedLength', length: 1 },
    decoder: { type: 'CTC', pad_token: '', word_delimiter_token: '', cleanup: true },
    model: wordLevel(),
  },
  whitespace: cut({ type: 'Whitespace' }),
  'bert-pre-tokenizer': cut({ type: 'BertPreTokenizer' }),
  'unicode-scripts': cut({ type: 'UnicodeScripts' }),
  'fixed-length': cut({ type: 'FixedLength' }),
  'char-delimiter': cut({ type: 'CharDelimiterSplit', delimiter: 'o' }),
  'digits-one-by-one': cut({ type: 'Digits', individual_digits: true }),
  'digits-together': cut({ type: 'Digits', individual_digits: false }),
  ...Object.fromEntries(
    behaviors.map((behavior) => [
      `punctuation-${behavior.toLowerCase()}`,
      cut({ type: 'Punctuation', behavior }),
    ]),
  ),
  'cuts-in-sequence': cut({
    type: 'Sequence',
    pretokenizers: [
      { type: 'UnicodeScripts' },
      { type: 'Digits', individual_digits: false },
      { type: 'Punctuation' },
      { type: 'WhitespaceSplit' },
      { type: 'FixedLength', length: 4 },
    ],
  }),
};

export const wordTexts = [
  'unaffordable,hello!!?? the-final--countdown [MASK]x [CLS]',
  "Don't do not I 'm we 've they 're it 's isn 't ' quoted ' . , ! ?",
  'Ü\u0000é\u0000\u0301 \u0085\u000b\u000cA\u00a0B\u2028C\u3000D\u200b\ufeff\ufffdE \r\nF',
  'İI\u0307ıſKÅΣσς ẞß Ǆǅǆΐΰ \u0345\u1fb3',
  '日本語漢字\u2b740\u{2b740}\u{2b820}\u{2b920}\u{2f800}豈 カガ ｶﾞ ハングル 한국어 각',
  '0123456789 ٣४ ½ⅷ² 2024x3 9.5, №1',
  '---a--b-c- _a_ ¿qué? «x» … “y” 、。 $5 + 3 = 8 ^ ~ ` | < >',
  'Привет мир Hello 世界 مرحبا שלום नमस्ते สวัสดี ტ 🙂🇩🇪 a\u0301\u0323\u0307b',
  'zzz ##ing # ## ###a hello##world a##b',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
];
