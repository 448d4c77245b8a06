/** A tokenizer by what is in its files. */
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import {
  expectKnown,
  isObject,
  object,
  oneOf,
  recordOf,
  text,
  whole,
  type Check,
} from './option.js';
import type { Json } from './folder_file.js';
import {
  mergedConfig,
  readTokenizerConfig,
  type ConfigFiles,
  type TokenizerConfig,
} from './tokenizer_config.js';
import { formatConfig, formatOf, isCompiled } from './tokenizer_formats.js';
import { jsonOfVocabulary, refuse } from './tokenizer_vocabulary.js';

/** What stands beside a tokenizer's own file. */
interface PartsBeside {
  /**
   * tokenizer_config.json: special tokens, lengths, sides, chat templates; `tokenizer_class` says which older model it is. For a
   * .tiktoken file of no well-known model, `pat_str` and `special_tokens` with their ids, as tiktoken names them.
   */
  config?: object;
  /** special_tokens_map.json; it matters where `config` has no `added_tokens_decoder`. */
  specialTokens?: object;
  /** chat_template.jinja, or templates by name: before those of `config`. */
  chatTemplate?: string | Readonly<Record<string, string>>;
}
/** tokenizer.json, a .model, a .tiktoken file or what compile() made, and what stands beside it: text, or its bytes. */
export interface TokenizerFileParts extends PartsBeside {
  tokenizer: string | Uint8Array;
  vocab?: never;
  merges?: never;
}
/** The files of older models by what is in them: text, or its bytes in UTF-8. */
export interface VocabularyParts extends PartsBeside {
  /** vocab.txt (a token a line), vocab.json (an id for each token), SentencePiece's .model, or a .tiktoken file. */
  vocab: string | Uint8Array;
  /** merges.txt; with vocab.json only. */
  merges?: string | Uint8Array;
  tokenizer?: never;
}
export type TokenizerParts = TokenizerFileParts | VocabularyParts;

const FILE: Check = {
  expected: 'text or bytes',
  // By its tag, because bytes may come from another realm. (A Buffer has the same.)
  test: (value) =>
    typeof value === 'string' || Object.prototype.toString.call(value) === '[object Uint8Array]',
};
const CHECKS: Readonly<Record<keyof TokenizerParts, Check>> = {
  tokenizer: FILE,
  vocab: FILE,
  merges: FILE,
  config: object,
  specialTokens: object,
  chatTemplate: {
    expected: 'text, or texts by name',
    test: (value) => typeof value === 'string' || recordOf(text).test(value),
  },
};
const CONFIG: Readonly<Record<string, Check>> = {
  do_lower_case: oneOf(true, false),
  tokenize_chinese_chars: oneOf(true, false),
  strip_accents: oneOf(true, false, null),
  add_bos_token: oneOf(true, false),
  add_eos_token: oneOf(true, false),
  legacy: oneOf(true, false, null),
  extra_ids: whole(0, 65_536),
  pat_str: text,
  special_tokens: recordOf(whole(0, 2 ** 24 - 1)),
  add_prefix_space: oneOf(true, false),
  trim_offsets: oneOf(true, false),
};

/** A file that the core reads, what it is told beside it, and what their configuration says. */
export interface TokenizerFile {
  json: Uint8Array;
  said?: string;
  config: TokenizerConfig;
}

const NAMES = { model: '.model of SentencePiece', tiktoken: '.tiktoken file' } as const;

/**
 * The tokenizer.json of these parts, or the file of another format among them.
 * @throws InferError INVALID_INPUT for what are no parts, with all faults; NOT_A_TOKENIZER for files that can't be read
 */
export function readParts(parts: TokenizerParts): TokenizerFile {
  checkParts(parts);
  const { tokenizer, vocab, merges } = parts;
  const config = readTokenizerConfig(parts as ConfigFiles);
  const file = tokenizer ?? vocab;
  const format = formatOf(file);
  if (format) {
    if (merges !== undefined) {
      throw refuse(`expected no merges with a ${NAMES[format]}`, 'leave merges out');
    }
    const said = formatConfig(format, mergedConfig(parts as ConfigFiles), config.specialTokens);
    return { json: bytesOf(file), said, config };
  }
  if (tokenizer !== undefined) return { json: bytesOf(tokenizer), config };
  if (isCompiled(vocab)) {
    if (merges === undefined) return { json: bytesOf(vocab), config };
    throw refuse('expected no merges with a compiled tokenizer', 'leave merges out');
  }
  const json = jsonOfVocabulary(
    textOf(vocab),
    merges === undefined ? undefined : textOf(merges),
    (parts.config ?? {}) as Json,
  );
  return { json: bytesOf(json), config };
}

function checkParts(parts: TokenizerParts): void {
  const faults = new Faults('INVALID_INPUT');
  expectKnown('', Object.keys(parts), Object.keys(CHECKS), faults);
  const { tokenizer, vocab, merges } = parts as Partial<Record<keyof TokenizerParts, unknown>>;
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = parts[name as keyof TokenizerParts];
    if (value === undefined && (name !== 'vocab' || tokenizer !== undefined)) continue;
    if (!check.test(value)) {
      faults.add(name, `expected ${check.expected} for ${name}, received ${describe(value)}`);
    }
  }
  if (tokenizer !== undefined && (vocab !== undefined || merges !== undefined)) {
    faults.add('tokenizer', 'expected either tokenizer or vocab and merges, received both');
  }
  // Beside a tokenizer.json it matters for what reads it.
  const file = tokenizer ?? vocab;
  const reads = tokenizer === undefined || (FILE.test(file) && formatOf(file as string));
  const config: Json = isObject(parts.config) && reads ? parts.config : {};
  for (const [name, check] of Object.entries(CONFIG)) {
    const value = config[name];
    if (value == null || check.test(value)) continue;
    const path = `config.${name}`;
    faults.add(path, `expected ${check.expected} for ${path}, received ${describe(value)}`);
  }
  if (faults.list.length) throw new InferError(failureOf("the parts can't be used", faults.list));
}

function bytesOf(file: string | Uint8Array): Uint8Array {
  return typeof file === 'string' ? new TextEncoder().encode(file) : file;
}

function textOf(file: string | Uint8Array): string {
  return typeof file === 'string' ? file : new TextDecoder().decode(file);
}
