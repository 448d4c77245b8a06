/** What fuzzers found worth keeping, and their seeds: what comes of them is the same on every target. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { InferError, Tokenizer } from 'infercore';

const FILES = {
  tokenizer: [
    'added-flags.json',
    'bert-like.json',
    'bpe-prefix.json',
    'bpe-whole-text.json',
    'byte-fallback.json',
    'byte-level-suffix.json',
    'ctc-decoder.json',
    'cuts-in-sequence.json',
    'fields-tell-the-kind.json',
    'post-byte-level-last.json',
    'precompiled.json',
  ],
  sentence_piece: [
    'bpe-ties',
    'bpe-user',
    'chars',
    'unigram-bytes',
    'unigram-denormalized',
    'unigram-plain',
    'unigram-unused',
  ],
  tiktoken: ['pairs', 'shuffled'],
};
const TEXTS = ['text/marks', 'text/mixed', 'text/spaces', 'json/small.json', 'regex/words'];
const read = (name: string) => new Uint8Array(readFileSync(`tests/fuzz/corpus/${name}`));
const OPTIONS = { onWarning: () => undefined };

/** FNV-1a of the UTF-16 units. */
function sumOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; ++i) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}

function answer(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    if (error instanceof InferError) return [error.code, error.message];
    throw error;
  }
}

/** As tests/fuzz/tiktoken_fuzzer.cc reads its input: the first line is pat_str, each byte is its own rank. */
function tiktokenOf(input: Uint8Array) {
  const [pat_str = '', ...ranks] = new TextDecoder().decode(input).split('\n');
  const bytes = Array.from({ length: 256 }, (_, i) => `${btoa(String.fromCharCode(i))} ${i}`);
  return { tokenizer: [...bytes, ...ranks].join('\n'), config: { pat_str } };
}

async function outcomeOf(kind: string, file: Uint8Array): Promise<unknown> {
  const parts = kind === 'tiktoken' ? tiktokenOf(file) : { tokenizer: file };
  const made = await Tokenizer.from(parts, OPTIONS).catch((error: unknown) => error);
  if (made instanceof InferError) return [made.code, made.message];
  using tokenizer = made as Tokenizer;
  expect(tokenizer.idToToken(2 ** 32 - 1)).toBeUndefined();
  // Broken UTF-8 becomes U+FFFD in the same way everywhere; whole seeds are texts, too.
  const texts = [...TEXTS.map((name) => new TextDecoder('utf-8').decode(read(name))), 'a\ud800b'];
  const one = (text: string) => {
    const { ids, tokens, offsets, wordIds } = tokenizer.encode(text, { pair: 'Hello' });
    return [[...ids], tokens, offsets, wordIds, answer(() => tokenizer.decode(ids))];
  };
  return texts.map((text) => answer(() => one(text)));
}

test.each(Object.entries(FILES))('fuzzers’ files have one outcome: %s', async (kind, names) => {
  const sums: Record<string, number> = {};
  for (const name of names) {
    sums[name] = sumOf(JSON.stringify(await outcomeOf(kind, read(`${kind}/${name}`))));
  }
  expect(sums).toEqual(EXPECTED[kind]);
});

/** Of Node's addon. Where an answer changes on purpose, its sum does. */
const EXPECTED: Record<string, Record<string, number>> = {
  tokenizer: {
    'added-flags.json': 1107066129,
    'bert-like.json': 3792294575,
    'bpe-prefix.json': 2212279062,
    'bpe-whole-text.json': 3049107708,
    'byte-fallback.json': 1073263136,
    'byte-level-suffix.json': 1406555453,
    'ctc-decoder.json': 2825766072,
    'cuts-in-sequence.json': 3758466284,
    'fields-tell-the-kind.json': 1376728013,
    'post-byte-level-last.json': 1468883553,
    'precompiled.json': 3318117591,
  },
  sentence_piece: {
    'bpe-ties': 3980228007,
    'bpe-user': 127276687,
    chars: 2359303151,
    'unigram-bytes': 1997441087,
    'unigram-denormalized': 162378317,
    'unigram-plain': 2952362356,
    'unigram-unused': 1136704130,
  },
  tiktoken: {
    pairs: 2089616550,
    shuffled: 3288185394,
  },
};
