/** Tokenizers for make-goldens.mjs that cut texts by patterns, those of well-known models among them. */
import { byteFile, byteLevel, sequence, split } from './bpe-files.mjs';

const CL100K = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const O200K = [
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?`,
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?`,
  String.raw`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
].join('|');
const DEEPSEEK =
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|' +
  ' ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+';
const withSplits = (...splits) => ({
  ...byteFile,
  pre_tokenizer: sequence(...splits, byteLevel({ use_regex: false })),
});

export const splitFiles = {
  'split-cl100k': withSplits(split(CL100K)),
  'split-cl100k-inverted': withSplits(split(CL100K, { behavior: 'Removed', invert: true })),
  'split-qwen': withSplits(split(CL100K.replace('{1,3}', ''))),
  'split-o200k': withSplits(split(O200K)),
  'split-tekken': withSplits(
    split(O200K.replaceAll("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", '').replace('\\p{N}{1,3}', ' ?\\p{N}')),
  ),
  'split-deepseek': withSplits(split('\\p{N}{1,3}'), split('[一-龥぀-ゟ゠-ヿ]+'), split(DEEPSEEK)),
  'split-clip': withSplits(
    split(
      "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
      {
        behavior: 'Removed',
        invert: true,
      },
    ),
  ),
  'split-sets': withSplits(
    split('[[:punct:]&&[^\\p{S}]]|[\\p{Han}\\p{Hiragana}]++|\\w+\\b|[[:^digit:]&&\\p{N}]'),
  ),
  'split-ahead': withSplits(
    split('(?:\\r?\\n)+(?!\\r?\\n)|a(?=b|nd)|(?<=o)r', { behavior: 'MergedWithNext' }),
  ),
  'split-behind': withSplits(
    split(
      '(?<=th|and |^)\\w|(?<!\\p{L}{3}|\\s)e|(?<=\\p{Lu}\\p{Ll}|\\p{Lu}\\p{Ll}{2})\\p{L}|(?<=\\n\\n)\\s',
    ),
  ),
  ...Object.fromEntries(
    ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'].flatMap(
      (behavior) =>
        [true, false].map((invert) => [
          `split-${behavior.toLowerCase()}${invert ? '-inverted' : ''}`,
          withSplits(split(invert ? { String: ' ' } : '\\s|o', { behavior, invert })),
        ]),
    ),
  ),
  'split-empty': withSplits(split('\\s*'), split('(?<=\\p{L})(?=\\d)')),
};
