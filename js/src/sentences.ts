import { expectOptions, whole } from './option.js';
import { segmentsOf } from './segments.js';
import { expectText } from './texts.js';

/** A sentence of a longer text, on one line: each run of white space became one space. */
export interface Sentence {
  readonly text: string;
  /** The line of the original text on which the sentence begins, counted from 1. */
  readonly line: number;
}

export interface SplitOptions {
  /** Leaves out what has fewer words: headings, exclamations. Default 1. */
  minWords?: number;
}

/** Words after which a full stop does not end a sentence, though a capital letter follows. */
const ABBREVIATIONS =
  /(?:^|[\s("'“‘])(?:Mr|Mrs|Ms|Dr|St|Prof|Rev|Capt|Col|Gen|Lt|Sgt|Hon|vs|(?!I)\p{Lu})\.\s*$/u;

/**
 * The sentences of a plain text, in order.
 *
 * A blank line ends a sentence, a single line break does not. Within a paragraph sentences end where Unicode's rules
 * (UAX #29) say so, except after English titles and initials («Mr.», «J.»; not «I.»).
 *
 * @throws InferError INVALID_INPUT for what is no string, INVALID_OPTION
 * @example
 * splitSentences('Call me Ishmael.\nMr. Starbuck\nsmiled.');
 * // [{ text: 'Call me Ishmael.', line: 1 }, { text: 'Mr. Starbuck smiled.', line: 2 }]
 */
export function splitSentences(text: string, options?: SplitOptions): Sentence[] {
  expectText(text);
  expectOptions('options of splitSentences', options, { minWords: whole(0, 2 ** 31 - 1) });
  const minWords = options?.minWords ?? 1;
  return paragraphsOf(text)
    .flatMap(sentencesOf)
    .filter((sentence) => sentence.text !== '' && sentence.text.split(' ').length >= minWords);
}

/** A paragraph keeps its line breaks, so that lines can be counted in it. */
function paragraphsOf(text: string): Sentence[] {
  const paragraphs: Sentence[] = [];
  let lines: string[] = [];
  const all = text.split(/\r\n|\r|\n/);
  all.push('');
  all.forEach((content, index) => {
    if (content.trim() !== '') {
      lines.push(content);
    } else if (lines.length > 0) {
      paragraphs.push({ text: lines.join('\n'), line: index + 1 - lines.length });
      lines = [];
    }
  });
  return paragraphs;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

function sentencesOf(paragraph: Sentence): Sentence[] {
  const sentences: Sentence[] = [];
  let line = paragraph.line;
  let begun = '';
  // The segmenter takes a line break for the end of a sentence; the space instead of it is as long.
  const text = paragraph.text.replaceAll('\n', ' ');
  let end = 0;
  // Whether a full stop ends a sentence may hang on a small letter behind the next one's figures, and on nothing further.
  for (const segment of segmentsOf(segmenter, text, 2)) {
    begun += segment;
    end += segment.length;
    if (ABBREVIATIONS.test(begun) && end < paragraph.text.length) continue;
    const original = paragraph.text.slice(end - begun.length, end);
    const leading = original.length - original.trimStart().length;
    const before = countBreaks(original.slice(0, leading));
    sentences.push({ text: begun.trim().replace(/\s+/g, ' '), line: line + before });
    line += countBreaks(original);
    begun = '';
  }
  return sentences;
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1;
}
