/** What `infercore search` searches: the passages of files, each with the line on which it begins. */
import { readFile } from 'node:fs/promises';
import { fileError } from '../source.js';
import { splitSentences, type Sentence } from '../sentences.js';
import { readStdin } from './texts.js';

export interface Passage extends Sentence {
  readonly file: string;
}

/** The ways to cut a file. The first is the default. */
export const SPLITS = ['sentences', 'lines'] as const;
export type Split = (typeof SPLITS)[number];

/** Shorter ones are headings and exclamations: they are near to everything and say nothing. */
const MIN_WORDS = 3;

/** @param files paths; `-` is standard input */
export async function readPassages(
  files: readonly string[],
  split: Split,
  signal: AbortSignal,
): Promise<Passage[]> {
  const passages: Passage[] = [];
  for (const file of files) {
    const content = file === '-' ? await readStdin(signal) : await readText(file, signal);
    const parts =
      split === 'sentences' ? splitSentences(content, { minWords: MIN_WORDS }) : lines(content);
    for (const part of parts) passages.push({ ...part, file });
  }
  return passages;
}

async function readText(file: string, signal: AbortSignal): Promise<string> {
  try {
    return await readFile(file, { encoding: 'utf8', signal });
  } catch (error) {
    throw fileError(file, 'the search', error);
  }
}

function lines(content: string): Sentence[] {
  return content
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ text: line.trim(), line: index + 1 }))
    .filter(({ text }) => text !== '');
}
