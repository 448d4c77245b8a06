/** A tokenizer's files where they lie together: below a path or URL, or as a user chose them. */
import { InferError } from './error.js';
import { bytesIfThere, isPage, jsonIfThere, type Json } from './folder_file.js';
import type { FolderFiles } from './model_files.js';
import { readSource } from './source.js';
import type { TokenizerParts } from './tokenizer_parts.js';
import { isLegacy } from './tokenizer_config.js';
import { expectClass, formatOf } from './tokenizer_formats.js';

const WHAT = 'the tokenizer';
const FILE = 'tokenizer.json';
/** What stands in for it in folders without one: the first of which all files are there. */
const OTHERS: readonly (readonly [vocab: string, merges?: string])[] = [
  ['vocab.json', 'merges.txt'],
  ['vocab.txt'],
  ['tokenizer.model'],
  ['spiece.model'],
  ['tiktoken.model'],
  ['qwen.tiktoken'],
];

/** Everything of a folder that is about its tokenizer. */
export async function readTokenizerFolder(
  files: FolderFiles,
  signal: AbortSignal | undefined,
): Promise<TokenizerParts> {
  const json = (name: string) => jsonIfThere(files.source(name), name, signal);
  const [config, template] = await Promise.all([
    json('tokenizer_config.json'),
    bytesIfThere(files.source('chat_template.jinja'), WHAT, signal),
  ]);
  const [parts, legacy] = await Promise.all([
    readTokenizerFiles(files, config, signal),
    template || config?.['chat_template'] ? undefined : json('chat_template.json'),
  ]);
  // Files that stand in for a tokenizer.json came with it.
  const specialTokens = parts.tokenizer ? await readMap(files, config, signal) : undefined;
  const chatTemplate = template
    ? new TextDecoder().decode(template)
    : (legacy?.['chat_template'] as string | undefined);
  return {
    ...parts,
    ...(specialTokens && { specialTokens }),
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
  };
}

/**
 * The file that makes the tokenizer, or those that stand in for it; `config` is the folder's tokenizer_config.json.
 * @throws InferError NOT_FOUND that lists what was tried; UNSUPPORTED_COMPONENT for a .model that nothing else is said of
 */
export async function readTokenizerFiles(
  files: FolderFiles,
  config: Json | undefined,
  signal: AbortSignal | undefined,
): Promise<TokenizerParts> {
  const read = (name: string) => bytesIfThere(files.source(name), WHAT, signal);
  const tokenizer = await read(FILE);
  if (tokenizer) return { tokenizer, ...(config && { config }) };
  const specialTokens = await readMap(files, config, signal);
  const beside = { ...(config && { config }), ...(specialTokens && { specialTokens }) };
  for (const [vocabName, mergesName] of OTHERS) {
    const vocab = await read(vocabName);
    const merges = vocab && mergesName ? await read(mergesName) : undefined;
    if (!vocab || (mergesName && !merges)) continue;
    if (formatOf(vocab) === 'model') expectClass(config, vocabName);
    return { vocab, ...(merges && { merges }), ...beside };
  }
  throw await nothingIn(files, signal);
}

/** special_tokens_map.json, where it matters. */
async function readMap(
  files: FolderFiles,
  config: Json | undefined,
  signal: AbortSignal | undefined,
): Promise<Json | undefined> {
  const name = 'special_tokens_map.json';
  return isLegacy(config) ? jsonIfThere(files.source(name), name, signal) : undefined;
}

/** A server that answers with a page of its own is not a folder without files. */
async function nothingIn(files: FolderFiles, signal: AbortSignal | undefined): Promise<InferError> {
  const source = files.source(FILE);
  const page =
    source !== undefined &&
    (await readSource(source, { what: WHAT, signal }).then(
      (bytes) => isPage(source, bytes),
      () => false,
    ));
  const others = OTHERS.map((names) => names.join(' with ')).join(', ');
  return new InferError({
    code: 'NOT_FOUND',
    message:
      `expected ${FILE}, or one of ${others}, in ${files.location}; none of them is there` +
      (page ? '; the server answered with an HTML page instead' : ''),
    hint: 'names of models on a hub are not looked up: download the folder and give its path or URL',
  });
}
