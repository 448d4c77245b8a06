#!/usr/bin/env node
/**
 * Compares the core with the reference implementation (npm @anush008/tokenizers) on one tokenizer.json: English prose,
 * the Declaration of Human Rights in hundreds of languages, and random Unicode.
 *
 *     node tests/conformance/compare.mjs models/default-model/tokenizer.json [--program PATH] [--random 5000]
 *
 * Needs the target tokenize_lines (cmake -DINFERCORE_TESTS=ON). Ends with code 1 when anything differs.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chapters, declarations, randomTexts } from './corpus.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { Tokenizer } = createRequire(import.meta.url)('@anush008/tokenizers');

/** The program tokenize_lines: asked line by line, answering in order. */
export class Program {
  #waiting = [];
  constructor(path, ...args) {
    this.process = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.process.stdout }).on('line', (line) =>
      this.#waiting.shift()(JSON.parse(line)),
    );
    this.process.on('exit', (code) => {
      if (this.#waiting.length > 0) throw new Error(`${path} ended with code ${code}`);
    });
  }
  ask(request) {
    return new Promise((done) => {
      this.#waiting.push(done);
      this.process.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }
  end() {
    this.process.stdin.end();
  }
}

/** What the reference makes of a text, in the shape of tokenize_lines. */
export function plain(encoding, depth = 1) {
  const nulls = (list) => list.map((value) => value ?? null);
  return {
    ids: encoding.getIds(),
    type_ids: encoding.getTypeIds(),
    tokens: encoding.getTokens(),
    offsets: encoding.getOffsets(),
    special_tokens_mask: encoding.getSpecialTokensMask(),
    attention_mask: encoding.getAttentionMask(),
    word_ids: nulls(encoding.getWordIds()),
    sequence_ids: nulls(encoding.getSequenceIds()),
    overflowing: depth > 0 ? encoding.getOverflowing().map((other) => plain(other, depth - 1)) : [],
  };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      program: {
        type: 'string',
        default: join(root, 'build/native-asan/tests/conformance/tokenize_lines'),
      },
      random: { type: 'string', default: '5000' },
    },
  });
  const path = resolve(positionals[0] ?? join(root, 'models/default-model/tokenizer.json'));
  const reference = Tokenizer.fromString(readFileSync(path, 'utf8'));
  const program = new Program(values.program);
  const loaded = await program.ask({ op: 'load', path });
  if (loaded.error) throw new Error(loaded.error);
  let compared = 0;
  let different = 0;
  for (const text of [...chapters(), ...declarations(), ...randomTexts(Number(values.random))]) {
    const encoding = await reference.encode(text, null, { addSpecialTokens: true });
    const expected = plain(encoding);
    const answer = await program.ask({ op: 'encode', text, pair: null, add_special_tokens: true });
    const back = await program.ask({ op: 'decode', ids: expected.ids, skip_special_tokens: false });
    const decoded = await reference.decode(expected.ids, false);
    ++compared;
    const fields = Object.keys(expected).filter(
      (field) => JSON.stringify(expected[field]) !== JSON.stringify(answer.encoding?.[field]),
    );
    if (back.text !== decoded) fields.push('decoded');
    if (fields.length === 0) continue;
    if (++different <= 10)
      console.log(`${JSON.stringify(text.slice(0, 80))}: ${answer.error ?? fields.join(', ')}`);
  }
  program.end();
  console.log(`${compared} texts compared, ${different} differ`);
  process.exitCode = different > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
