/** Tokenizers for make-goldens.mjs whose model is BPE, and the byte-level parts that go with it. */
import { special } from './json-parts.mjs';

/** GPT-2's visible alphabet: a character for each byte. */
const visible = (() => {
  const own = (byte) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(own(byte) ? byte : next++));
})();
const bytesOf = (text) => [...Buffer.from(text)].map((byte) => visible[byte]).join('');

/** The rules that make `word` from the left, and those that join what two words made. */
const rules = (words) => {
  const pairs = [];
  for (const word of words) {
    const characters = [...word];
    let made = characters[0];
    for (const character of characters.slice(1)) {
      pairs.push([made, character]);
      made += character;
    }
  }
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];
};
const vocabOf = (tokens) =>
  Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));

const SPECIALS = ['<unk>', '<s>', '</s>', '<mask>'];
const WORDS = [
  ...[
    'er',
    'ing',
    'the',
    'or',
    'world',
    'Hello',
    'ello',
    'un',
    'able',
    'word',
    'sp',
    'spaces',
    'ab',
    'abc',
    'bc',
  ],
];
/** Rules in an order that matters: "bc" before "ab", so that "abc" is a|bc. */
const letterMerges = [
  ['b', 'c'],
  ...rules(WORDS),
  ['a', 'bc'],
  ['or', 'ld'],
  ['l', 'd'],
  ['w', 'or'],
  ['wor', 'ld'],
];
const made = (merges, prefix = 0) => merges.map(([left, right]) => left + right.slice(prefix));
const characters = [...'abcdefghijklmnopqrstuvwxyzABHTW.,!?\'"-_0123▁日本語é½🙂'];
const FALLBACK = Array.from(
  { length: 256 },
  (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`,
);

const bpe = ({ merges = letterMerges, ...extra } = {}) => {
  const pairs = merges.map((merge) => (typeof merge === 'string' ? merge.split(' ') : merge));
  return {
    type: 'BPE',
    dropout: null,
    unk_token: '<unk>',
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: vocabOf([...SPECIALS, ...characters, ...made(pairs)]),
    merges: merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' '))),
    ...extra,
  };
};

const byteWords = [
  ' the',
  ' a',
  ' world',
  'Hello',
  ' un',
  'able',
  '  ',
  ' t',
  'é',
  '日',
  '本',
  ' Two',
  '🙂',
  "'s",
  '\n\n',
];
const byteMerges = rules(byteWords.map(bytesOf));
const byteBpe = (extra = {}) => ({
  ...bpe({ merges: byteMerges, unk_token: null }),
  vocab: vocabOf([...SPECIALS, ...visible, ...made(byteMerges), bytesOf(' Hello')]),
  ...extra,
});

const plainFile = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'WhitespaceSplit' },
  post_processor: null,
  decoder: null,
};
export const byteLevel = (extra = {}) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: true,
  ...extra,
});
export const byteFile = {
  ...plainFile,
  pre_tokenizer: byteLevel(),
  decoder: byteLevel({ add_prefix_space: true }),
  model: byteBpe(),
};
export const split = (pattern, extra = {}) => ({
  type: 'Split',
  pattern: typeof pattern === 'string' ? { Regex: pattern } : pattern,
  behavior: 'Isolated',
  invert: false,
  ...extra,
});
export const sequence = (...pretokenizers) => ({ type: 'Sequence', pretokenizers });
const metaspaces = {
  type: 'Sequence',
  normalizers: [
    { type: 'Prepend', prepend: '▁' },
    { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
  ],
};
const spaceMerges = [
  ...rules(['▁the', '▁world', '▁▁', '▁un', 'Hello', 'or']),
  ['▁▁', '▁▁'],
  ['▁', 'or'],
];
const spaceBpe = (extra = {}) => ({
  ...bpe({ merges: spaceMerges, byte_fallback: true, fuse_unk: true }),
  vocab: vocabOf([...SPECIALS, ...FALLBACK, ...characters, ...made(spaceMerges)]),
  ...extra,
});
const truncation = (max_length, stride = 0) => ({
  direction: 'Right',
  strategy: 'LongestFirst',
  stride,
  max_length,
});
const roberta = (extra = {}) => ({
  type: 'RobertaProcessing',
  sep: ['</s>', 2],
  cls: ['<s>', 1],
  trim_offsets: true,
  add_prefix_space: false,
  ...extra,
});
const template = {
  type: 'TemplateProcessing',
  single: [special('<s>', 0), { Sequence: { id: 'A', type_id: 0 } }],
  pair: [
    special('<s>', 0),
    { Sequence: { id: 'A', type_id: 0 } },
    special('</s>', 1),
    { Sequence: { id: 'B', type_id: 1 } },
  ],
  special_tokens: Object.fromEntries(
    ['<s>', '</s>'].map((id, i) => [id, { id, ids: [i + 1], tokens: [id] }]),
  ),
};

export const bpeFiles = {
  bpe: { ...plainFile, decoder: { type: 'BPEDecoder', suffix: 'er' }, model: bpe() },
  'bpe-pairs': { ...plainFile, model: { ...bpe(), merges: letterMerges } },
  'bpe-no-unk': { ...plainFile, model: bpe({ unk_token: null }) },
  'bpe-missing-unk': { ...plainFile, model: bpe({ unk_token: '<none>' }) },
  'bpe-fuse-unk': { ...plainFile, model: bpe({ fuse_unk: true }) },
  'bpe-ignore-merges': {
    ...plainFile,
    model: { ...bpe(), ignore_merges: true, merges: ['b c'], dropout: 0 },
  },
  'bpe-suffix': {
    ...plainFile,
    decoder: { type: 'BPEDecoder', suffix: '</w>' },
    model: bpe({
      end_of_word_suffix: '</w>',
      vocab: vocabOf([
        ...SPECIALS,
        ...characters,
        ...characters.map((c) => `${c}</w>`),
        'or',
        'ord</w>',
        'ld</w>',
      ]),
      merges: ['o r', 'or d</w>', 'l d</w>'],
    }),
  },
  'bpe-prefix': {
    ...plainFile,
    decoder: { type: 'BPEDecoder', suffix: '' },
    model: bpe({
      continuing_subword_prefix: '##',
      fuse_unk: true,
      vocab: vocabOf([
        ...SPECIALS,
        ...characters,
        ...characters.map((c) => `##${c}`),
        'wo',
        'wor',
        '##ld',
        '##lo',
        '##el',
      ]),
      merges: ['w ##o', 'wo ##r', '##l ##d', '##l ##o', '##e ##l'],
    }),
  },
  'bpe-some-bytes': {
    ...plainFile,
    model: bpe({
      byte_fallback: true,
      fuse_unk: true,
      vocab: vocabOf([...SPECIALS, ...'HeloWrd', ...FALLBACK.filter((_, i) => i % 3 > 0)]),
      merges: [],
    }),
  },
  'bpe-whole-text': {
    ...plainFile,
    normalizer: metaspaces,
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    post_processor: template,
    model: spaceBpe(),
  },
  'bpe-merged-bytes': {
    ...plainFile,
    normalizer: metaspaces,
    pre_tokenizer: null,
    model: spaceBpe({
      vocab: vocabOf([...SPECIALS, ...FALLBACK, ...characters, '<0xC3><0xBC>', '<unk>▁', '▁a']),
      merges: ['<0xC3> <0xBC>', '<unk> ▁', '▁ a'],
    }),
  },
  'bpe-untyped': { ...plainFile, model: bpe({ type: undefined }) },
  'byte-level': { ...byteFile, post_processor: byteLevel() },
  'byte-level-space': {
    ...byteFile,
    pre_tokenizer: byteLevel({ add_prefix_space: true }),
    post_processor: byteLevel({ add_prefix_space: true }),
    added_tokens: SPECIALS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: id === 3,
      rstrip: false,
      normalized: false,
      special: true,
    })),
  },
  'byte-level-unsplit': { ...byteFile, pre_tokenizer: byteLevel({ use_regex: false }) },
  'byte-level-ignore-merges': { ...byteFile, model: byteBpe({ ignore_merges: true }) },
  'byte-level-first': {
    ...byteFile,
    pre_tokenizer: sequence(byteLevel(), split('[Ġa]|Ã.', { behavior: 'MergedWithPrevious' })),
    post_processor: byteLevel(),
  },
  'byte-level-few': {
    ...byteFile,
    model: byteBpe({
      unk_token: '<unk>',
      vocab: vocabOf([...SPECIALS, ...bytesOf(' Helowrdathé'), ...made(rules(['ĠHe', 'Ã©']))]),
      merges: ['Ġ H', 'ĠH e', 'Ã ©'],
    }),
  },
  'byte-level-suffix': {
    ...byteFile,
    model: byteBpe({
      end_of_word_suffix: '</w>',
      vocab: vocabOf([
        ...SPECIALS,
        ...visible,
        ...visible.map((c) => `${c}</w>`),
        'or',
        'd</w>',
        'ord</w>',
      ]),
      merges: ['o r', 'or d</w>'],
    }),
  },
  'byte-level-normalizer': {
    ...byteFile,
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'ByteLevel' }] },
    pre_tokenizer: null,
  },
  roberta: { ...byteFile, post_processor: roberta() },
  'roberta-space': {
    ...byteFile,
    pre_tokenizer: byteLevel({ add_prefix_space: true }),
    post_processor: roberta({ add_prefix_space: true }),
  },
  'roberta-untrimmed': {
    ...byteFile,
    post_processor: roberta({ trim_offsets: false, type: 'Other' }),
  },
  'roberta-truncated': { ...byteFile, post_processor: roberta(), truncation: truncation(16, 2) },
  'byte-level-truncated': {
    ...byteFile,
    post_processor: byteLevel(),
    truncation: truncation(16, 1),
  },
  'trimmed-metaspace': {
    ...plainFile,
    normalizer: { type: 'Replace', pattern: { Regex: '[\u3000\t]' }, content: ' ' },
    pre_tokenizer: split('\\p{L}+\\s*'),
    post_processor: byteLevel(),
    model: bpe({
      vocab: vocabOf([...SPECIALS, ...characters, ' ', '\n', 'a ', '  ', '\u3000']),
      merges: [],
    }),
  },
  // It numbers the template's parts anew, special tokens included.
  'post-byte-level-last': {
    ...byteFile,
    post_processor: {
      type: 'Sequence',
      processors: [
        { ...template, pair: template.pair.filter(({ Sequence }) => Sequence) },
        byteLevel(),
      ],
    },
  },
  'post-byte-level-first': {
    ...byteFile,
    post_processor: { type: 'Sequence', processors: [byteLevel(), template] },
  },
};

export const bpeTexts = [
  "Hello world's the WORLD'S I'm we'Ve they'LL it'\u017F 'twas ''s",
  'abc abcabc bcab wordable Helloworld\u00fc\u00fc\u00fc x',
  'Two  spaces   three\t\ttabs \n\n  \r\nline\r\n\r\n end  ',
  'camelCaseWords HTTPServer ΑΒΓδ ǅž ªº ⅷ Ⅷ \u0301a \u0301A A\u0301b漢字Ab ーア',
  '1234567 12,345.67 ٣٤٥٦ ²³¹¼ ½ x2y3 №12',
  '!!! ... (foo) [bar] {baz} a/b//c\n/ #tag @user $5 €6 a+b=c <tag> “quoted” — ¿qué? …\n',
  'e\u0301 \u0301 \u200d \u3000\u3000x\u00a0y\u2028z \u0085',
  '日本語テキスト、漢字。カタカナ 한국어 ไทย हिन्दी العربية עברית Ελληνικά 🙂🇩🇪👩‍👩‍👧',
  ' ▁the▁▁world ▁▁▁▁un▁ü▁ü <unk>▁ 日▁x',
  `${'a'.repeat(70)}${'bc'.repeat(40)}${'or'.repeat(30)}ld`,
];
