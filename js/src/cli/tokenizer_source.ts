/** Which tokenizer a command takes. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Option, type Command } from 'commander';
import { defaultModelFolder } from '../default_model.js';
import { InferError, Tokenizer, type TokenizerSource } from '../node.js';
import { fileError } from '../source.js';

export interface TokenizerChoice {
  readonly tokenizer?: string;
  readonly model?: string;
}

const SOURCE =
  'a tokenizer.json, a vocab.txt, a vocab.json beside its merges.txt, a folder with one of them, or a URL';

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
  return Tokenizer.from(await sourceOf(name), { signal });
}

async function sourceOf(name: string): Promise<TokenizerSource> {
  if (!name.endsWith('.json') && (await isFolder(name))) return inFolder(name.replace(/\/+$/, ''));
  return /^(?!https?:).*vocab\.(json|txt)$/.test(name) ? partsOf(name) : name;
}

async function inFolder(folder: string): Promise<TokenizerSource> {
  const files = /^https?:/.test(folder) ? [] : await readdir(folder);
  const vocab = ['vocab.json', 'vocab.txt'].find((file) => files.includes(file));
  return vocab !== undefined && !files.includes('tokenizer.json')
    ? partsOf(join(folder, vocab))
    : `${folder}/tokenizer.json`;
}

/** An older model's files, which lie beside each other. */
async function partsOf(path: string): Promise<TokenizerSource> {
  const beside = async (name: string): Promise<Buffer | undefined> => {
    const file = join(dirname(path), name);
    return readFile(file).catch((error: unknown) => {
      if ((error as { code?: string }).code === 'ENOENT') return undefined;
      throw fileError(file, 'the tokenizer', error);
    });
  };
  const vocab = await readFile(path).catch((error: unknown) => {
    throw fileError(path, 'the tokenizer', error);
  });
  const merges = path.endsWith('.json')
    ? await beside(basename(path).replace(/vocab\.json$/, 'merges.txt'))
    : undefined;
  const config = await beside('tokenizer_config.json');
  return {
    vocab,
    ...(merges ? { merges } : {}),
    ...(config ? { config: configOf(config) } : {}),
  };
}

function configOf(file: Buffer): object {
  try {
    return JSON.parse(file.toString()) as object;
  } catch (error) {
    throw new InferError({
      code: 'NOT_A_TOKENIZER',
      message: `tokenizer_config.json can't be read as JSON: ${String(error)}`,
      hint: 'is the file whole?',
    });
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
