/** Which tokenizers some files are: one file each, or the files of an older model together. */
import type { TokenizerSource } from 'infercore/tokenizer';
import { bytesOf } from '../files.js';

/** The largest vocabularies take some tens of megabytes. */
const MOST_BYTES = 200_000_000;

export interface Chosen {
  readonly name: string;
  /** Of all its files, in bytes. */
  readonly size: number;
  /** @throws Error, InferError that say why they can't be read */
  readonly read: () => Promise<TokenizerSource>;
}

const VOCABULARY = /vocab\.(txt|json)$/i;
const MERGES = /merges\.txt$/i;
const CONFIG = /^tokenizer_config\.json$/i;
/** What lies beside a tokenizer in a model's folder, and is none. */
const OTHERS = /^(special_tokens_map|added_tokens|config|generation_config)\.json$|^\.|\.md$/i;

/** What SentencePiece's file is called beside a tokenizer.json that was made of it. */
const BESIDE_JSON = /^(tokenizer|spiece|sentencepiece\.bpe)\.model$/i;

/** @throws Error that says in plain words what is missing, or too much */
export function tokenizersIn(files: readonly File[]): Chosen[] {
  const named = (pattern: RegExp) => files.filter(({ name }) => pattern.test(name));
  // The files of one folder: tokenizer.json holds what is in the others.
  const isFolder = files.some(({ name }) => name.toLowerCase() === 'tokenizer.json');
  const none = [VOCABULARY, MERGES, CONFIG, OTHERS, ...(isFolder ? [BESIDE_JSON] : [])];
  const whole = files.filter(({ name }) => !none.some((pattern) => pattern.test(name)));
  const [config] = named(CONFIG);
  const older = isFolder ? [] : olderOnes(named(VOCABULARY), named(MERGES), config);
  const found = [...whole.map((file) => wholeOne(file, config)), ...older];
  if (found.length > 2) {
    const names = found.map(({ name }) => name).join(', ');
    throw new Error(
      `At most two tokenizers stand side by side; these are ${found.length}: ${names}`,
    );
  }
  if (found.length === 0) throw nothingIn(files);
  return found;
}

/** They leave something open that a tokenizer_config.json says. */
const OPEN = /\.(model|tiktoken)$/i;

function wholeOne(file: File, config?: File): Chosen {
  if (config && OPEN.test(file.name)) return partsOf([file], undefined, config);
  return { name: file.name, size: file.size, read: () => bytesOf(file, MOST_BYTES) };
}

function olderOnes(
  vocabularies: readonly File[],
  merges: readonly File[],
  config?: File,
): Chosen[] {
  const rest = [...merges];
  const found = vocabularies.map((vocab) => {
    if (/\.txt$/i.test(vocab.name)) return partsOf([vocab], undefined, config);
    const own = rest.shift();
    if (own) return partsOf([vocab, own], own, config);
    throw new Error(
      `${vocab.name} needs the merges.txt of the same model: choose or drop both files together`,
    );
  });
  const [left] = rest;
  if (!left) return found;
  throw new Error(
    `${left.name} needs the vocab.json of the same model: choose or drop both files together`,
  );
}

function partsOf(files: readonly [File, ...File[]], merges?: File, config?: File): Chosen {
  const all: readonly File[] = config ? [...files, config] : files;
  return {
    name: all.map(({ name }) => name).join(', '),
    size: all.reduce((sum, file) => sum + file.size, 0),
    read: async () => ({
      vocab: await bytesOf(files[0], MOST_BYTES),
      ...(merges ? { merges: await bytesOf(merges, MOST_BYTES) } : {}),
      ...(config ? { config: await settingsOf(config) } : {}),
    }),
  };
}

async function settingsOf(file: File): Promise<object> {
  const bytes = await bytesOf(file, MOST_BYTES);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as object;
  } catch (error) {
    throw new Error(`${file.name} is no JSON: ${String(error)}`, { cause: error });
  }
}

function nothingIn(files: readonly File[]): Error {
  const names = files.map(({ name }) => name).join(', ');
  return new Error(
    `${names}: settings without a vocabulary. Take the tokenizer.json beside it, or it together with vocab.txt, or with vocab.json and merges.txt`,
  );
}
