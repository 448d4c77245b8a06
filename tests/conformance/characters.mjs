#!/usr/bin/env node
/**
 * Holds every character of Unicode against the reference implementation (npm @anush008/tokenizers): each normalizer and
 * pre-tokenizer that asks what kind a character is, on all characters in order and shuffled. That shows whether the
 * core's tables follow the same versions of Unicode.
 *
 *     node tests/conformance/characters.mjs [--program PATH] [STAGE…]
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
import { randomNumbers } from './corpus.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { Tokenizer } = createRequire(import.meta.url)('@anush008/tokenizers');

const bert = (clean_text, handle_chinese_chars, strip_accents, lowercase) => ({
  normalizer: {
    type: 'BertNormalizer',
    clean_text,
    handle_chinese_chars,
    strip_accents,
    lowercase,
  },
});
const normalizers = ['Lowercase', 'NFC', 'NFD', 'NFKC', 'NFKD', 'Nmt', 'StripAccents'];
const STAGES = {
  'Bert clean': bert(true, false, false, false),
  'Bert Chinese': bert(false, true, false, false),
  'Bert accents': bert(false, false, true, false),
  'Bert lower case': bert(false, false, false, true),
  'Bert all': bert(true, true, null, true),
  ...Object.fromEntries(normalizers.map((type) => [type, { normalizer: { type } }])),
  BertPreTokenizer: { pre_tokenizer: { type: 'BertPreTokenizer' } },
  Whitespace: { pre_tokenizer: { type: 'Whitespace' } },
  WhitespaceSplit: { pre_tokenizer: { type: 'WhitespaceSplit' } },
  Punctuation: { pre_tokenizer: { type: 'Punctuation' } },
  Digits: { pre_tokenizer: { type: 'Digits', individual_digits: true } },
  UnicodeScripts: { pre_tokenizer: { type: 'UnicodeScripts' } },
};

/** What a stage makes of a character shows in the words: their number and where they stand. */
const fileOf = (stage) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'FixedLength', length: 1 },
  post_processor: null,
  decoder: null,
  ...stage,
  model: {
    type: 'WordPiece',
    unk_token: '?',
    continuing_subword_prefix: '',
    max_input_chars_per_word: 1e9,
    vocab: VOCAB,
  },
});

const characters = [];
for (let code = 0; code < 0x110000; ++code) {
  if (code < 0xd800 || code > 0xdfff) characters.push(String.fromCodePoint(code));
}
// Characters that stand for themselves; the rest is unknown, and its words tell by their places.
const VOCAB = Object.fromEntries([
  ['?', 0],
  ...characters.slice(0x20, 0x3000).map((c, i) => [c, i + 1]),
]);

function* texts() {
  const random = randomNumbers(3);
  const shuffled = [...characters];
  for (let i = shuffled.length - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  for (const list of [characters, shuffled, characters.flatMap((c) => ['a', c])]) {
    for (let at = 0; at < list.length; at += 512) yield list.slice(at, at + 512).join('');
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    program: {
      type: 'string',
      default: join(root, 'build/native-asan/tests/conformance/tokenize_lines'),
    },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'characters-'));
const path = join(folder, 'tokenizer.json');
const program = new Program(values.program);
let different = 0;
for (const [name, stage] of Object.entries(STAGES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const json = JSON.stringify(fileOf(stage));
  writeFileSync(path, json);
  const loaded = await program.ask({ op: 'load', path });
  if (loaded.error) throw new Error(loaded.error);
  const reference = Tokenizer.fromString(json);
  let count = 0;
  let differ = 0;
  for (const text of texts()) {
    const expected = plain(await reference.encode(text, null, { addSpecialTokens: false }));
    const request = { op: 'encode', text, pair: null, add_special_tokens: false };
    const { encoding } = await program.ask(request);
    ++count;
    if (JSON.stringify(expected) === JSON.stringify(encoding)) continue;
    if (++differ <= 3) {
      const at = expected.tokens.findIndex(
        (token, i) =>
          token !== encoding?.tokens[i] ||
          String(expected.offsets[i]) !== String(encoding.offsets[i]),
      );
      const around = (list) => JSON.stringify(list?.slice(Math.max(0, at - 2), at + 3));
      console.log(`  ${name}: ${around(expected.tokens)}, not ${around(encoding?.tokens)}`);
      console.log(`    ${around(expected.offsets)}, not ${around(encoding?.offsets)}`);
    }
  }
  console.log(`${name}: ${count} texts compared, ${differ} differ`);
  different += differ;
}
program.end();
rmSync(folder, { recursive: true });
process.exitCode = different > 0 ? 1 : 0;
