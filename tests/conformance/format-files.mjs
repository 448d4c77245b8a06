/** Files of other formats than tokenizer.json for make-format-goldens.mjs: SentencePiece's .model, tiktoken's ranks. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomNumbers } from './corpus.mjs';

const WORDS =
  'the whale a sea ship of and white captain harpoon boat ahab ishmael call me some years ago never mind how long ' +
  'precisely having little or no money in my purse i thought would sail about see watery part world it is way have 2024 ' +
  'drıving off spleen regulating circulation übergröße café naïve ｆｕｌｌ ½ ﬁne 日本語 テキスト 漢字 привет мир';

/** Lines to train on: the same ones each time. */
function corpus() {
  const random = randomNumbers(3);
  const words = WORDS.split(' ');
  const line = () =>
    Array.from({ length: 12 }, () => words[Math.floor(random() ** 1.6 * words.length)]).join(' ');
  return Array.from({ length: 400 }, (_, i) => `${line()}${'.,!?;:'[i % 6]}`);
}

/** Rules for a few characters instead of NFKC's, whose table has 240 kB. */
const RULES = [
  ['½', '1⁄2'],
  ['ﬁ', 'fi'],
  ['\u0001', ''],
  ['\u200b', ' '],
  ['\t', ' '],
  ['\u3000', ' '],
  ['e\u0301', 'é'],
  ['e', 'e'],
  ['カ\u3099', 'ガ'],
  ['ｆ', 'f'],
  ['№', ' No '],
];
const codes = (text) => [...text].map((c) => c.codePointAt(0).toString(16).toUpperCase()).join(' ');
const tsv = (rules) => rules.map(([from, to]) => `${codes(from)}\t${codes(to)}\n`).join('');

/** Trained by `spm_train` with these options, a small vocabulary and the corpus. */
const TRAINED = {
  unigram: { model_type: 'unigram', rules: RULES },
  'unigram-bytes': {
    model_type: 'unigram',
    vocab_size: 520,
    byte_fallback: true,
    rules: RULES,
    user_defined_symbols: '<sep>,foo bar,▁▁,xyz,é,whale s',
    control_symbols: '<ctl>',
  },
  'unigram-suffix': { model_type: 'unigram', treat_whitespace_as_suffix: true },
  'unigram-spaces': {
    model_type: 'unigram',
    split_by_whitespace: false,
    remove_extra_whitespaces: false,
    add_dummy_prefix: false,
  },
  'unigram-denormalized': { model_type: 'unigram', rules: RULES, back: [['whale', 'WHALE']] },
  bpe: { model_type: 'bpe', rules: RULES, pad_id: 3 },
  'bpe-bytes': {
    model_type: 'bpe',
    vocab_size: 520,
    byte_fallback: true,
    remove_extra_whitespaces: false,
    split_digits: true,
    allow_whitespace_only_pieces: true,
  },
  'bpe-user': {
    model_type: 'bpe',
    vocab_size: 340,
    rules: RULES,
    user_defined_symbols: '<sep>,foo bar,▁▁,xyz,é,ab,bc',
    control_symbols: '<ctl>,[MASK]',
  },
  'bpe-suffix': { model_type: 'bpe', treat_whitespace_as_suffix: true },
  chars: { model_type: 'char', vocab_size: 90, user_defined_symbols: '<sep>,xyz' },
};

/** @returns {Buffer} the .model */
function train({ rules, back, ...options }, folder) {
  const input = join(folder, 'corpus.txt');
  writeFileSync(input, corpus().join('\n'));
  const flags = { vocab_size: 300, ...options };
  if (rules) {
    flags.normalization_rule_tsv = join(folder, 'rules.tsv');
    writeFileSync(flags.normalization_rule_tsv, tsv(rules));
  } else {
    flags.normalization_rule_name = 'identity';
  }
  if (back) {
    flags.denormalization_rule_tsv = join(folder, 'back.tsv');
    writeFileSync(flags.denormalization_rule_tsv, tsv(back));
  }
  const model = join(folder, 'trained');
  execFileSync('spm_train', [
    `--input=${input}`,
    `--model_prefix=${model}`,
    '--num_threads=1',
    '--minloglevel=2',
    '--character_coverage=1',
    '--hard_vocab_limit=false',
    ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
  ]);
  const bytes = withoutPaths(readFileSync(`${model}.model`));
  for (const suffix of ['model', 'vocab']) rmSync(`${model}.${suffix}`);
  return bytes;
}

const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const USER = 4;
const UNUSED = 5;
const UNIGRAM = 1;
const BPE = 2;

function varint(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Buffer.from([...bytes, value]);
}
const integer = (field, value) => Buffer.concat([varint(field * 8), varint(Number(value))]);
const bytesField = (field, bytes) =>
  Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
function float(field, value) {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), bytes]);
}

/** A .model by hand: pieces as [text, score, type]. */
function modelOf(pieces, trainer, normalizer = []) {
  const piece = ([text, score, type = NORMAL]) =>
    bytesField(
      1,
      Buffer.concat([bytesField(1, Buffer.from(text)), float(2, score), integer(3, type)]),
    );
  return Buffer.concat([
    ...pieces.map(piece),
    bytesField(2, Buffer.concat(trainer.map(([field, value]) => integer(field, value)))),
    bytesField(3, Buffer.concat(normalizer.map(([field, value]) => integer(field, value)))),
  ]);
}

/** spm_train writes where it found its files: nobody needs that. */
function withoutPaths(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length;) {
    const start = at;
    const field = bytes[at++] >> 3;
    let length = 0;
    for (let shift = 1; ; shift *= 128) {
      length += (bytes[at] & 0x7f) * shift;
      if (bytes[at++] < 0x80) break;
    }
    if (field === 2) {
      parts.push(bytesField(2, withoutField(bytes.subarray(at, at + length), [1, 2])));
    } else if (field === 3 || field === 5) {
      parts.push(bytesField(field, withoutField(bytes.subarray(at, at + length), [1, 6])));
    } else {
      parts.push(bytes.subarray(start, at + length));
    }
    at += length;
  }
  return Buffer.concat(parts);
}

function withoutField(bytes, fields) {
  const parts = [];
  const read = (at) => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      value += (bytes[at] & 0x7f) * shift;
      if (bytes[at++] < 0x80) return [value, at];
    }
  };
  for (let at = 0; at < bytes.length;) {
    const start = at;
    const [tag, behind] = read(at);
    const [value, end] = tag % 8 === 5 ? [0, behind + 4] : read(behind);
    at = tag % 8 === 2 ? end + value : end;
    if (!fields.includes(Math.floor(tag / 8))) parts.push(bytes.subarray(start, at));
  }
  return Buffer.concat(parts);
}

const BASE = [
  ['<unk>', 0, UNKNOWN],
  ['<s>', 0, CONTROL],
  ['</s>', 0, CONTROL],
];
const letters = [...'▁abcdefghijklmnopqrstuvwxyz'].map((c, i) => [c, -20 - i / 10]);

const BY_HAND = {
  /** Pieces that came from elsewhere have one score: the leftmost is made first. */
  'bpe-ties': modelOf(
    [
      ...BASE,
      ...['ab', 'bc', 'abc', 'bcd', 'cd', '▁a', 'de', 'abcd', 'ef', 'def'].map((p) => [p, 0]),
      ...letters,
    ],
    [[3, BPE]],
  ),
  'unigram-unused': modelOf(
    [
      ...BASE,
      ...['ab', 'bc', 'abc', '▁abc'].map((p, i) => [p, -1 - i / 8, i % 2 ? UNUSED : NORMAL]),
      ['x', -1, UNUSED],
      ['▁▁', 0, USER],
      ['ef', 0, USER],
      ['<unk>x', -3],
      ...letters.filter(([c]) => c !== 'x'),
    ],
    [[3, UNIGRAM]],
  ),
  /** Neither a space in front nor a visible one. */
  'unigram-plain': modelOf(
    [...BASE, ['ab', -1], [' ', -2], [' a', -2.5], ['  ', -3], ...letters],
    [[3, UNIGRAM]],
    [
      [3, 0],
      [4, 0],
      [5, 0],
    ],
  ),
};

export const sentencePieceTexts = [
  '',
  ' ',
  'Call me Ishmael.',
  'the white whale',
  '  Two  spaces, and a\ttab \n\n line ',
  'ab abc abcd abcdef bcd xyz x xx <sep> foo bar <ctl> [MASK] <s></s><unk>x <pad>',
  'the▁whale ▁▁ ▁ whale▁▁s',
  '½ ﬁne №5 e\u0301e\u0301 カ\u3099\u200b\u0001 ｆｕｌｌ\u3000width',
  '日本語のテキスト。漢字 🙂👩‍👩‍👧 ☃ ☃☃ привет',
  '<0x41> <0x0A> \u0000 \ufeff\ufffd',
  'aaaa abab abcabcabc abcde fedcba 2024 20.24',
  'whale\u200bwhale\u200b',
  '\u200b \u200b',
];

/** name → the .model */
export function sentencePieceFiles(folder) {
  const trained = Object.entries(TRAINED).map(([name, options]) => [name, train(options, folder)]);
  return { ...Object.fromEntries(trained), ...BY_HAND };
}

/** Ranks by BPE over the corpus's bytes: what was merged most often first. */
function ranksOf(count) {
  const tokens = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
  const words = corpus()
    .flatMap((line) => line.match(/ ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+/gu) ?? [])
    .map((word) => [...Buffer.from(word).toString('latin1')]);
  while (tokens.length < count) {
    const pairs = new Map();
    for (const word of words) {
      for (let i = 1; i < word.length; ++i) {
        const pair = word[i - 1] + word[i];
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
    }
    for (const token of tokens) pairs.delete(token);
    const [best] = [...pairs].reduce((a, b) => (b[1] > a[1] ? b : a));
    tokens.push(best);
    for (const word of words) {
      for (let i = 1; i < word.length; ++i) {
        if (word[i - 1] + word[i] === best) word.splice(i - 1, 2, best);
      }
    }
  }
  return tokens;
}

const GPT2 = String.raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** name → the tokens by rank (a character a byte), what cuts texts, and the special tokens. */
export function tiktokenFiles() {
  const random = randomNumbers(11);
  const tokens = ranksOf(480);
  const shuffled = tokens.slice(256).sort(() => random() - 0.5);
  const special_tokens = { '<|end|>': 500, '<|終|>': 490 };
  return {
    tiktoken: { tokens, pat_str: GPT2, special_tokens },
    /** Tokens before what they could be made of: which way to make one is first matters. */
    'tiktoken-shuffled': {
      tokens: [...tokens.slice(0, 256), ...shuffled],
      pat_str: String.raw`\p{L}+|[^\p{L}]+`,
      special_tokens: {},
    },
  };
}

export const tiktokenTexts = [
  ...sentencePieceTexts,
  'the whale<|end|>the<|終|> <|end|>',
  "it's we'll  whalewhalewhale thethethe aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  'whaleseaboatcaptainharpoonishmaelcirculationregulatingspleen'.repeat(3),
];
