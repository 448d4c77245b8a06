/** Files and pasted texts as passages of sentences: sentences are compared, passages are shown. */
import { splitSentences } from 'infercore';
import { bytesOf } from '../files.js';
import { csvTexts, jsonTexts, markdownText } from './formats.js';

export interface Passage {
  /** Where in its document: 'Chapter 4', 'row 12'; empty where there is nothing to say. */
  readonly place: string;
  readonly sentences: readonly string[];
}
export interface TextDocument {
  readonly title: string;
  readonly passages: readonly Passage[];
}

/** Of one file; what is larger is no text that somebody wants to search in a page. */
const MOST_BYTES = 20_000_000;
export const FILE_TYPES = ['.txt', '.md', '.csv', '.tsv', '.json', '.jsonl'];

/** «Yes.» and «What's that?» mean little alone: they are shown beside others, but not searched. */
const FEWEST_WORDS = 4;

/** Which sentences of a passage are searched: the longer ones, or all where there are none. */
export function searched({ sentences }: Passage): number[] {
  const all = [...sentences.keys()];
  const longer = all.filter((i) => (sentences[i] ?? '').split(' ').length >= FEWEST_WORDS);
  return longer.length > 0 ? longer : all;
}

export function sentenceCount(documents: readonly TextDocument[]): number {
  return documents
    .flatMap(({ passages }) => passages)
    .reduce((sum, passage) => sum + searched(passage).length, 0);
}

/** Blank lines part paragraphs; where there are none, each line is a text of its own. */
export function documentOf(title: string, text: string): TextDocument {
  const clean = text.replace(/\r\n?/g, '\n').trim();
  const paragraphs = clean.split(/\n[^\S\n]*\n/);
  const parts = paragraphs.length > 1 ? paragraphs : clean.split('\n');
  return documentFrom(title, parts, '');
}

function documentFrom(title: string, texts: readonly string[], what: string): TextDocument {
  const passages = texts.flatMap((text, i) => {
    const sentences = splitSentences(text).map((sentence) => sentence.text);
    const place = what === '' ? '' : `${what} ${i + 1}`;
    return sentences.length > 0 ? [{ place, sentences }] : [];
  });
  return { title, passages };
}

/**
 * The texts of a file, by its name's ending.
 * @throws Error that says in plain words why there are none
 */
export async function readDocument(file: File): Promise<TextDocument> {
  const ending = /\.[^.]+$/.exec(file.name.toLowerCase())?.[0] ?? '';
  if (!FILE_TYPES.includes(ending)) {
    const what = ending === '' ? 'files without an ending' : `${ending} files`;
    throw new Error(`${what} can’t be read here; these can: ${FILE_TYPES.join(', ')}`);
  }
  const text = decode(await bytesOf(file, MOST_BYTES));
  const document = parse(file.name, ending, text);
  if (document.passages.length === 0) throw new Error('there is no text in it');
  return document;
}

function decode(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8 text: save it as UTF-8, or choose another');
  }
}

function parse(name: string, ending: string, text: string): TextDocument {
  switch (ending) {
    case '.csv':
    case '.tsv':
      return documentFrom(name, csvTexts(text, ending === '.tsv' ? '\t' : undefined), 'row');
    case '.json':
    case '.jsonl':
      return documentFrom(name, jsonTexts(text, ending === '.jsonl'), 'entry');
    case '.md':
      return documentOf(name, markdownText(text));
    default:
      return documentOf(name, text);
  }
}
