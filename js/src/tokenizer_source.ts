/** Everything that a tokenizer is made of beside a single file that is at hand. */
import { localFiles } from './files.js';
import { filesAt, filesIn, type FolderFiles } from './model_files.js';
import { isObject } from './option.js';
import { isFolderUrl, localPath, readSource, type Source } from './source.js';
import type { TokenizerSource } from './tokenizer.js';
import { readTokenizerFolder } from './tokenizer_folder.js';
import { NO_CONFIG } from './tokenizer_no_config.js';
import { readParts, type TokenizerFile, type TokenizerParts } from './tokenizer_parts.js';

/**
 * The file that the core reads, and what is known beside it.
 * @throws InferError as Tokenizer.from does
 */
export async function readAny(
  source: TokenizerSource,
  signal: AbortSignal | undefined,
): Promise<TokenizerFile> {
  if (isParts(source)) return readParts(source);
  const files = await folderOf(source);
  if (files) return readParts(await readTokenizerFolder(files, signal));
  const json = await readSource(source as Source, { what: 'the tokenizer', signal });
  return { json, config: NO_CONFIG };
}

/** undefined for what is no folder. */
async function folderOf(source: TokenizerSource): Promise<FolderFiles | undefined> {
  if (typeof source === 'string' || source instanceof URL) {
    const path = localPath(source);
    const isFolder = path === undefined ? isFolderUrl(String(source)) : await isDirectory(path);
    return isFolder ? filesAt(path ?? String(source)) : undefined;
  }
  return typeof source === 'object' && source !== null ? filesIn(source) : undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await localFiles()?.stat(path))?.isDirectory() === true;
  } catch {
    return false; // whoever reads it says what is wrong
  }
}

function isParts(source: unknown): source is TokenizerParts {
  return isObject(source) && ('vocab' in source || 'tokenizer' in source);
}
