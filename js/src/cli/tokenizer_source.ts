/** Which tokenizer a command takes. */
import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Option, type Command } from 'commander';
import { defaultModelFolder } from '../default_model.js';
import { bytesIfThere, jsonIfThere } from '../folder_file.js';
import { Tokenizer, type TokenizerSource } from '../node.js';
import { readSource } from '../source.js';
import { isLegacy } from '../tokenizer_config.js';
import { isCompiled } from '../tokenizer_formats.js';

export interface TokenizerChoice {
  readonly tokenizer?: string;
  readonly model?: string;
}

const SOURCE =
  'a tokenizer.json, a .model of SentencePiece, a .tiktoken file, a vocab.txt, a vocab.json beside its merges.txt, ' +
  'a folder with a tokenizer.json or such a vocabulary, or a URL';

/** `--tokenizer`, and `--model` as other commands call the folder. */
export function addTokenizerOption(command: Command): Command {
  return command
    .option('-t, --tokenizer <source>', `${SOURCE} (default: @infercore/default-model)`)
    .addOption(new Option('-m, --model <source>', 'the same').conflicts('tokenizer'));
}

/** What the options name. */
export function chosenSource({ tokenizer, model }: TokenizerChoice): string {
  return tokenizer ?? model ?? defaultModelFolder();
}

export async function loadTokenizer(name: string, signal: AbortSignal): Promise<Tokenizer> {
  return Tokenizer.from(await sourceOf(name, signal), { signal });
}

/** Files of which a tokenizer_config.json beside them says more. */
const VOCABULARY = /^(?!https?:).*(vocab\.(json|txt)|\.(model|tiktoken))$/;

/** The library reads folders; a vocabulary that is named itself has its other files beside it. */
async function sourceOf(name: string, signal: AbortSignal): Promise<TokenizerSource> {
  if (!name.endsWith('.json') && (await isFolder(name))) return `${name.replace(/\/+$/, '')}/`;
  return VOCABULARY.test(name) ? partsOf(name, signal) : name;
}

async function partsOf(path: string, signal: AbortSignal): Promise<TokenizerSource> {
  const what = 'the tokenizer';
  const vocab = await readSource(path, { what, signal });
  const merges = path.endsWith('.json')
    ? await bytesIfThere(path.replace(/vocab\.json$/, 'merges.txt'), what, signal)
    : undefined;
  const beside = (name: string) => jsonIfThere(join(dirname(path), name), name, signal);
  const config = await beside('tokenizer_config.json');
  const specialTokens = isLegacy(config) ? await beside('special_tokens_map.json') : undefined;
  return {
    vocab,
    ...(merges && { merges }),
    ...(config && { config }),
    ...(specialTokens && { specialTokens }),
  };
}

/** Is it a tokenizer's file? Its ending tells; of what `compile` made, what is in it. */
export async function isTokenizer(source: string): Promise<boolean> {
  if (/\.(json|txt|model|tiktoken)$/.test(source)) return true;
  if (/^https?:/.test(source) || (await isFolder(source))) return false;
  const file = await open(source).catch(() => undefined);
  if (!file) return false; // whoever reads it says what is wrong
  try {
    const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return isCompiled(buffer);
  } finally {
    await file.close();
  }
}

/** Of an address only its ending tells. */
export async function isFolder(source: string): Promise<boolean> {
  if (/^https?:/.test(source)) return !/\.\w+$/.test(new URL(source).pathname);
  try {
    return (await stat(source)).isDirectory();
  } catch {
    return false;
  }
}
