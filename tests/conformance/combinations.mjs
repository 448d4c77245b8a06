#!/usr/bin/env node
/**
 * Compares the core with the reference implementation (npm @anush008/tokenizers) on tokenizers put together at random
 * from a seed: normalizers, pre-tokenizers, WordPiece or WordLevel with a random vocabulary, added tokens, decoders.
 *
 *     node tests/conformance/combinations.mjs [--seed 1] [--count 200] [--program PATH]
 *
 * Needs the target tokenize_lines (cmake -DINFERCORE_TESTS=ON). Ends with code 1 when anything differs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Program, plain } from './compare.mjs';
import { randomNumbers, randomTexts } from './corpus.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { Tokenizer } = createRequire(import.meta.url)('@anush008/tokenizers');
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
    program: {
      type: 'string',
      default: join(root, 'build/native-asan/tests/conformance/tokenize_lines'),
    },
  },
});
const seed = Number(values.seed);
const random = randomNumbers(seed);
const pick = (list) => list[Math.floor(random() * list.length)];
const maybe = (probability = 0.5) => random() < probability;

/** Two or three components in a Sequence, which holds no other. */
const sequence = (key, make) => ({
  type: 'Sequence',
  [key]: [make(false), make(false), make(false)].filter(Boolean),
});

const normalizer = (nests = true) =>
  pick([
    () => null,
    () => ({
      type: 'BertNormalizer',
      clean_text: maybe(),
      handle_chinese_chars: maybe(),
      strip_accents: pick([null, true, false]),
      lowercase: maybe(),
    }),
    () => ({ type: pick(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'Nmt']) }),
    () => ({ type: 'Prepend', prepend: pick(['a', '▁', ' ']) }),
    () => ({ type: 'Strip', strip_left: maybe(), strip_right: maybe() }),
    () => ({
      type: 'Replace',
      pattern: { String: pick(['a', ' ', 'e']) },
      content: pick(['', ' ', 'xx']),
    }),
    () => (nests ? sequence('normalizers', normalizer) : null),
  ])();

const behaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const preTokenizer = (nests = true) =>
  pick([
    () => null,
    () => ({ type: pick(['BertPreTokenizer', 'Whitespace', 'WhitespaceSplit', 'UnicodeScripts']) }),
    () => ({ type: 'Punctuation', behavior: pick(behaviors) }),
    () => ({ type: 'Digits', individual_digits: maybe() }),
    () => ({ type: 'CharDelimiterSplit', delimiter: pick([' ', 'a', 'e', '日']) }),
    () => ({ type: 'FixedLength', length: 1 + Math.floor(random() * 6) }),
    () => ({
      type: 'Metaspace',
      replacement: '▁',
      prepend_scheme: pick(['always', 'never', 'first']),
      split: maybe(),
    }),
    () => (nests ? sequence('pretokenizers', preTokenizer) : null),
  ])();

const decoder = (nests = true) =>
  pick([
    () => null,
    () => ({ type: 'WordPiece', prefix: pick(['##', '', 'a']), cleanup: maybe() }),
    () => ({
      type: 'CTC',
      pad_token: pick(['a', '##', '[UNK]', '']),
      word_delimiter_token: pick([' ', 'e', '', '##']),
      cleanup: maybe(),
    }),
    () => ({ type: 'Fuse' }),
    () => (nests ? sequence('decoders', decoder) : null),
  ])();

const CHARACTERS = [...new Set('abcdefghijklmnopqrstuvwxyz ABCDE0123456789.,!?\'"-日本語éüğσ가▁')];
function vocabulary(prefix) {
  const pieces = new Set(['[UNK]', "n't", "'s", ' .', ' do not', 'do']);
  for (const character of CHARACTERS) {
    if (maybe(0.8)) pieces.add(character);
    if (maybe(0.7)) pieces.add(prefix + character);
  }
  for (let i = 0; i < 60; ++i) {
    const piece = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(CHARACTERS));
    pieces.add((maybe() ? prefix : '') + piece.join(''));
  }
  return Object.fromEntries([...pieces].map((piece, id) => [piece, id]));
}

const added = (content) => ({
  id: 0,
  content,
  single_word: maybe(0.3),
  lstrip: maybe(0.3),
  rstrip: maybe(0.3),
  normalized: maybe(),
  special: maybe(),
});

function tokenizerFile() {
  const continuing_subword_prefix = pick(['##', '##', '', 'a', '▁']);
  const vocab = vocabulary(continuing_subword_prefix);
  const unk_token = maybe(0.9) ? '[UNK]' : 'none';
  const max_input_chars_per_word = pick([3, 10, 100]);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: maybe(0.3) ? [added('ab'), added('<x>'), added('É')] : [],
    normalizer: normalizer(),
    pre_tokenizer: preTokenizer(),
    post_processor: null,
    decoder: decoder(),
    model: maybe()
      ? { type: 'WordLevel', vocab, unk_token }
      : {
          type: 'WordPiece',
          unk_token,
          continuing_subword_prefix,
          max_input_chars_per_word,
          vocab,
        },
  };
}

const TEXTS = ["Don't do not I 'm we've . , ! ?", 'a b  c\td\n', '', ' ', 'e\u0301A\u0300 ÀÉ İı ﬁ'];

/** The fields that differ, or nothing. */
async function differences(reference, program, text, ids) {
  const encode = { op: 'encode', text, pair: null, add_special_tokens: true };
  const got = await program.ask(encode);
  const encoding = await reference
    .encode(text, null, { addSpecialTokens: true })
    .then(plain, () => undefined);
  if (encoding === undefined || got.error) return !encoding === !!got.error ? [] : ['error'];
  const fields = Object.keys(encoding).filter(
    (field) => JSON.stringify(encoding[field]) !== JSON.stringify(got.encoding[field]),
  );
  for (const list of [encoding.ids, ids]) {
    const back = await program.ask({ op: 'decode', ids: list, skip_special_tokens: false });
    if (back.text !== (await reference.decode(list, false))) fields.push('decoded');
  }
  return fields;
}

const folder = mkdtempSync(join(tmpdir(), 'combinations-'));
const path = join(folder, 'tokenizer.json');
const program = new Program(values.program);
let compared = 0;
let different = 0;
for (let i = 0; i < Number(values.count); ++i) {
  const file = tokenizerFile();
  const json = JSON.stringify(file);
  writeFileSync(path, json);
  const reference = Tokenizer.fromString(json);
  const loaded = await program.ask({ op: 'load', path });
  if (loaded.error) throw new Error(loaded.error);
  const size = Object.keys(file.model.vocab).length;
  for (const text of [...TEXTS, ...randomTexts(25, seed * 1000 + i)]) {
    const ids = Array.from({ length: 12 }, () => Math.floor(random() * size));
    const fields = await differences(reference, program, text, ids);
    ++compared;
    if (fields.length === 0) continue;
    if (++different > 10) continue;
    console.log(`${JSON.stringify(text)}: ${fields.join(', ')}`);
    console.log(`  ${JSON.stringify({ ...file, model: { ...file.model, vocab: undefined } })}`);
  }
}
program.end();
rmSync(folder, { recursive: true });
console.log(`${compared} texts compared, ${different} differ`);
process.exitCode = different > 0 ? 1 : 0;
