#!/usr/bin/env node
/**
 * Writes tests/conformance/format-goldens/: small .model and .tiktoken files, and what SentencePiece and tiktoken
 * themselves make of some texts.
 *
 *     apt-get install sentencepiece python3-sentencepiece
 *     NODE_PATH=bench/node_modules node tests/conformance/make-format-goldens.mjs
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomTexts } from './corpus.mjs';
import {
  sentencePieceFiles,
  sentencePieceTexts,
  tiktokenFiles,
  tiktokenTexts,
} from './format-files.mjs';

const { Tiktoken } = createRequire(import.meta.url)('tiktoken/lite');
const folder = join(dirname(fileURLToPath(import.meta.url)), 'format-goldens');
const scratch = mkdtempSync(join(tmpdir(), 'formats-'));

const ORACLE = `
import json, sys
import sentencepiece
pieces = sentencepiece.SentencePieceProcessor()
pieces.Load(sys.argv[1])
cases = []
for text in json.load(sys.stdin):
    ids = pieces.EncodeAsIds(text)
    cases.append({"text": text, "ids": ids, "decoded": pieces.DecodeIds(ids)})
json.dump(cases, sys.stdout)
`;

function write(name, golden) {
  const { cases, ...rest } = golden;
  const start = JSON.stringify(rest).slice(0, -1);
  const lines = cases.map((line) => JSON.stringify(line)).join(',\n');
  writeFileSync(join(folder, `${name}.json`), `${start},\n"cases":[\n${lines}\n]}\n`);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const texts = [...sentencePieceTexts, ...randomTexts(5, 9)];
for (const [name, file] of Object.entries(sentencePieceFiles(scratch))) {
  const path = join(scratch, 'oracle.model');
  writeFileSync(path, file);
  const answer = execFileSync('/usr/bin/python3', ['-c', ORACLE, path], {
    input: JSON.stringify(texts),
  });
  write(name, { file: file.toString('base64'), cases: JSON.parse(answer) });
}
for (const [name, { tokens, ...config }] of Object.entries(tiktokenFiles())) {
  const ranks = tokens.map((token) => Buffer.from(token, 'latin1').toString('base64'));
  const oracle = new Tiktoken(`! 0 ${ranks.join(' ')}`, config.special_tokens, config.pat_str);
  const cases = [...tiktokenTexts, ...randomTexts(5, 9)].map((text) => {
    const ids = oracle.encode(text, 'all');
    return { text, ids: [...ids], decoded: Buffer.from(oracle.decode(ids)).toString() };
  });
  const file = ranks.map((token, rank) => `${token} ${rank}\n`).join('');
  write(name, {
    file: Buffer.from(file).toString('base64'),
    config: { pat_str: config.pat_str, special_tokens: config.special_tokens },
    cases,
  });
}
rmSync(scratch, { recursive: true });
