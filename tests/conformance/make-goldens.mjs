#!/usr/bin/env node
/**
 * Writes tests/conformance/goldens/: small tokenizers, one for each component or combination, and what the reference
 * implementation (npm @anush008/tokenizers) makes of some texts. The core's tests read them.
 *
 *     node tests/conformance/make-goldens.mjs
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bpeFiles, bpeTexts } from './bpe-files.mjs';
import { plain } from './compare.mjs';
import { randomTexts } from './corpus.mjs';
import { added, sequence, special } from './json-parts.mjs';
import { splitFiles } from './split-files.mjs';
import { wordFiles, wordTexts } from './word-files.mjs';

const { Tokenizer } = createRequire(import.meta.url)('@anush008/tokenizers');
const folder = join(dirname(fileURLToPath(import.meta.url)), 'goldens');

const TEXTS = [
  '',
  ' ',
  'Hello world',
  '  Two  spaces, and a tab\tor\n\na line ',
  'unaffordable übergröße ﬁne ½ №5 Å Å',
  'e\u0301\u0323 q\u0323\u0307 가각 ᄀ\u1161\u11a8 カ\u3099',
  '日本語のテキスト。 漢字 🙂👩‍👩‍👧 🇫🇷🇩🇪',
  '▁under▁scores _ ▁ ',
  '<s>special</s> <mask> a<mask>b <MASK> <tag> Tag tag_x',
  '\u0000\u0001 \u200b\u00ad\u{e000} \ufeff\ufffd \u{10ffff}',
  'İstanbul ΣΑΣ ǅ',
  ...randomTexts(5, 7),
];
const PAIRS = [
  ['Hello world', 'the other'],
  ['', 'x'],
  ['one two three four five', 'six seven eight nine ten eleven'],
];

const letters = [...'abcdefghijklmnopqrstuvwxyz'].map((c, i) => [c, -6 - i / 10]);
const words = [
  '▁',
  '▁the',
  '▁Hello',
  '▁world',
  '▁a',
  'ing',
  'er',
  'th',
  'he',
  'an',
  'in',
  'or',
  '▁t',
  '▁s',
  'or',
  'ab',
  'ord',
];
const VOCAB = [
  ['<unk>', 0],
  ['<s>', 0],
  ['</s>', 0],
  ['<mask>', -1],
  ...words.map((word, i) => [word, -2.0517281 - i / 7]),
  ...letters,
  ...[...'日本語e\u0301éかガ½ﬁ🙂.,'].map((c, i) => [c, -7.25 - i / 3]),
  ['語の', -8.1],
  ['abc', -1.5],
];
const BYTES = Array.from({ length: 256 }, (_, i) => [
  `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`,
  -20,
]);

const metaspace = (extra = {}) => ({
  type: 'Metaspace',
  replacement: '▁',
  prepend_scheme: 'always',
  split: true,
  ...extra,
});
const SPECIALS = ['<s>', '</s>', '<mask>'].map((content, i) =>
  added(i + 1, content, { special: true }),
);
const TEMPLATE = {
  type: 'TemplateProcessing',
  single: [special('<s>', 0), sequence('A', 0), special('</s>', 0)],
  pair: [
    special('<s>', 0),
    sequence('A', 0),
    special('</s>', 0),
    special('</s>', 1),
    sequence('B', 1),
    special('</s>', 1),
  ],
  special_tokens: Object.fromEntries(
    [
      ['<s>', 1],
      ['</s>', 2],
    ].map(([id, number]) => [id, { id, ids: [number], tokens: [id] }]),
  ),
};
const truncation = (max_length, extra = {}) => ({
  direction: 'Right',
  strategy: 'LongestFirst',
  stride: 0,
  max_length,
  ...extra,
});
const padding = (strategy, extra = {}) => ({
  strategy,
  direction: 'Right',
  pad_to_multiple_of: null,
  pad_id: 3,
  pad_type_id: 1,
  pad_token: '<mask>',
  ...extra,
});
const replace = (pattern, content) => ({ type: 'Replace', pattern, content });

/** SentencePiece's compiled rules for a few characters: a double array (Darts-clone) and the replacements. */
function charsmap(rules) {
  const root = { children: new Map() };
  let strings = '';
  for (const [from, to] of Object.entries(rules)) {
    let node = root;
    for (const byte of Buffer.from(from)) {
      if (!node.children.has(byte)) node.children.set(byte, { children: new Map() });
      node = node.children.get(byte);
    }
    node.value = Buffer.byteLength(strings);
    strings += `${to}\0`;
  }
  const units = [];
  let blocks = 1;
  const place = (node, at, label) => {
    const base = blocks++ * 256;
    units[at] = (label | (node.value === undefined ? 0 : 1 << 8) | ((at ^ base) << 10)) >>> 0;
    if (node.value !== undefined) units[base] = (node.value | 0x80000000) >>> 0;
    for (const [byte, child] of node.children) place(child, base ^ byte, byte);
  };
  place(root, 0, 0);
  const bytes = Buffer.alloc(4 + blocks * 1024);
  bytes.writeUInt32LE(blocks * 1024, 0);
  units.forEach((unit, i) => bytes.writeUInt32LE(unit, 4 + i * 4));
  return Buffer.concat([bytes, Buffer.from(strings)]).toString('base64');
}

/** name → what differs from a plain Unigram tokenizer with Metaspace. `model` is merged into the model. */
const FILES = {
  plain: {},
  'byte-fallback': {
    model: { vocab: [...VOCAB, ...BYTES], byte_fallback: true },
    decoder: {
      type: 'Sequence',
      decoders: [
        replace({ String: '▁' }, ' '),
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
  },
  untyped: { model: { type: undefined } },
  'no-unk': { model: { unk_id: null } },
  nfc: { normalizer: { type: 'NFC' } },
  nfd: { normalizer: { type: 'NFD' } },
  nfkc: { normalizer: { type: 'NFKC' } },
  nfkd: { normalizer: { type: 'NFKD' } },
  precompiled: {
    normalizer: {
      type: 'Precompiled',
      precompiled_charsmap: charsmap({
        '½': '1⁄2',
        ﬁ: 'fi',
        '\u0001': '',
        '\u200b': ' ',
        '\r': ' ',
        é: 'e',
        e: 'E',
        'カ\u3099': 'ガ',
        '№': 'No',
      }),
    },
  },
  'lowercase-strip-accents': {
    normalizer: {
      type: 'Sequence',
      normalizers: [{ type: 'NFD' }, { type: 'Lowercase' }, { type: 'StripAccents' }],
    },
  },
  strip: { normalizer: { type: 'Strip', strip_left: true, strip_right: true } },
  'strip-right-first': {
    normalizer: { type: 'Strip', strip_left: true, strip_right: false },
    pre_tokenizer: metaspace({ prepend_scheme: 'first' }),
  },
  nmt: { normalizer: { type: 'Nmt' } },
  'prepend-replace': {
    normalizer: {
      type: 'Sequence',
      normalizers: [{ type: 'Prepend', prepend: '▁▁' }, replace({ String: ' ' }, '▁')],
    },
    pre_tokenizer: null,
  },
  'replace-regex': {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        replace({ Regex: '\\s{2,}|[\\n\\t]' }, ' '),
        replace({ Regex: '(?<!\\n)^' }, '▁'),
        replace({ Regex: '\\d' }, '#'),
      ],
    },
  },
  'metaspace-never': {
    pre_tokenizer: metaspace({ prepend_scheme: 'never' }),
    decoder: metaspace({ prepend_scheme: 'never' }),
  },
  'metaspace-first': {
    pre_tokenizer: metaspace({ prepend_scheme: 'first' }),
    added_tokens: SPECIALS,
  },
  'metaspace-unsplit': { pre_tokenizer: metaspace({ split: false }) },
  'metaspace-legacy': {
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
  },
  't5-like': {
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace()] },
    post_processor: TEMPLATE,
    added_tokens: SPECIALS,
  },
  template: { post_processor: TEMPLATE, added_tokens: SPECIALS },
  'bert-processing': {
    post_processor: { type: 'BertProcessing', cls: ['<s>', 1], sep: ['</s>', 2] },
  },
  'post-sequence': { post_processor: { type: 'Sequence', processors: [TEMPLATE] } },
  'added-flags': {
    normalizer: { type: 'Lowercase' },
    added_tokens: [
      ...SPECIALS,
      added(500, 'Tag', { normalized: true }),
      added(501, '<tag>', { lstrip: true, rstrip: true }),
      added(502, 'or', { single_word: true, normalized: true }),
      added(503, 'under', { single_word: true }),
      added(504, ' a ', {}),
      added(505, '<mas', { special: true }),
    ],
  },
  'truncate-right': { truncation: truncation(6), post_processor: TEMPLATE },
  'truncate-left-stride': {
    truncation: truncation(7, { direction: 'Left', stride: 1 }),
    post_processor: TEMPLATE,
  },
  'truncate-stride': { truncation: truncation(5, { stride: 2 }) },
  'truncate-stride-pair': { truncation: truncation(16, { stride: 1 }), post_processor: TEMPLATE },
  'truncate-first': {
    truncation: truncation(12, { strategy: 'OnlyFirst' }),
    post_processor: TEMPLATE,
  },
  'truncate-second': {
    truncation: truncation(14, { strategy: 'OnlySecond' }),
    post_processor: TEMPLATE,
  },
  'truncate-specials-only': {
    truncation: truncation(2),
    post_processor: { ...TEMPLATE, pair: TEMPLATE.single.concat(sequence('B', 1)) },
  },
  'pad-fixed-left': {
    padding: padding({ Fixed: 12 }, { direction: 'Left' }),
    post_processor: TEMPLATE,
  },
  'pad-multiple': { padding: padding('BatchLongest', { pad_to_multiple_of: 8 }) },
  'truncate-pad': {
    truncation: truncation(6, { stride: 1 }),
    padding: padding({ Fixed: 8 }),
    post_processor: TEMPLATE,
  },
};

function fileOf(difference) {
  const { model, ...rest } = difference;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: metaspace(),
    post_processor: null,
    decoder: metaspace(),
    ...rest,
    model: { type: 'Unigram', unk_id: 0, vocab: VOCAB, byte_fallback: false, ...model },
  };
}

async function caseOf(tokenizer, text, pair, add_special_tokens) {
  const request = { text, ...(pair === null ? {} : { pair }), add_special_tokens };
  try {
    const encoding = await tokenizer.encode(text, pair, { addSpecialTokens: add_special_tokens });
    const ids = encoding.getIds();
    return {
      ...request,
      encoding: plain(encoding),
      decoded: await tokenizer.decode(ids, false),
      decoded_skip_special: await tokenizer.decode(ids, true),
    };
  } catch {
    return { ...request, error: true };
  }
}

mkdirSync(folder, { recursive: true });
const files = Object.entries(FILES).map(([name, difference]) => [name, fileOf(difference), TEXTS]);
for (const [name, file] of Object.entries(wordFiles))
  files.push([name, file, [...TEXTS, ...wordTexts]]);
for (const [name, file] of Object.entries(bpeFiles))
  files.push([name, file, [...TEXTS, ...bpeTexts]]);
for (const [name, file] of Object.entries(splitFiles))
  files.push([name, file, [...TEXTS.slice(0, 5), ...bpeTexts]]);
for (const [name, file, own] of files) {
  const tokenizer = Tokenizer.fromString(JSON.stringify(file));
  const lines = [];
  // What overflows repeats the text again and again: a few texts are enough there.
  const texts = file.truncation ? [...own.slice(0, 5), ...own.slice(TEXTS.length)] : own;
  const pairs = file.truncation ? [PAIRS[0], ['a an ab', 'x']] : PAIRS;
  for (const text of texts) lines.push(await caseOf(tokenizer, text, null, true));
  for (const text of TEXTS.slice(2, 4)) lines.push(await caseOf(tokenizer, text, null, false));
  // With a stride the reference ends the process where a part gets no longer than the stride.
  for (const [text, pair] of file.truncation?.stride && file.truncation.max_length < 16
    ? []
    : pairs) {
    for (const add of [true, false]) lines.push(await caseOf(tokenizer, text, pair, add));
  }
  const cases = lines.map((line) => JSON.stringify(line)).join(',\n');
  writeFileSync(
    join(folder, `${name}.json`),
    `{"tokenizer":${JSON.stringify(file)},\n"cases":[\n${cases}\n]}\n`,
  );
}
