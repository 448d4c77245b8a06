import { describe } from './describe.js';
import { InferError } from './error.js';
import { isObject } from './option.js';
import type { Source } from './source.js';
import { isBlob } from './transfer.js';

/**
 * The files of a model folder that has no address: those a user dropped or chose (`input.files`), or a source for each
 * name (`{ 'tokenizer.json': file, 'onnx/model.onnx': url, … }`).
 */
export type ModelFiles =
  Iterable<File> | ReadonlyMap<string, Source> | Readonly<Record<string, Source>>;

/** Where a folder's files are found. */
export interface FolderFiles {
  /** For messages. */
  readonly location: string;
  /** undefined: there is no such file. */
  source(name: string): Source | undefined;
}

/** The files below a path or URL: whether one is there shows when it is read. */
export function filesAt(location: string): FolderFiles {
  const base = location.replace(/\/+$/, '');
  return { location, source: (name) => `${base}/${name}` };
}

/** @throws InferError INVALID_INPUT for what is no folder of files, NOT_FOUND for one without any */
export function filesIn(files: unknown): FolderFiles {
  const entries = modelFileEntries(files);
  const root = rootOf(entries.map(([name]) => name));
  const byName = new Map(entries.map(([name, source]) => [name.slice(root.length), source]));
  if (byName.size === 0) {
    throw new InferError({
      code: 'NOT_FOUND',
      message: 'expected the files of a model folder, received none',
      hint: 'config.json, tokenizer.json and onnx/model.onnx are needed',
    });
  }
  return {
    location: `the given files (${summary([...byName.keys()])})`,
    source: (name) => byName.get(name),
  };
}

/** Names and sources. @throws InferError INVALID_INPUT for what is no folder of files */
export function modelFileEntries(files: unknown): [string, Source][] {
  const entries = entriesOf(files);
  if (entries) return entries;
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected the path or URL of a folder for the model, or its files, received ${describe(files)}`,
  });
}

function entriesOf(files: unknown): [string, Source][] | undefined {
  // By shape: a Map or a FileList of another window is one, too.
  if (isBlob(files) || ArrayBuffer.isView(files)) return undefined;
  if (isIterable(files)) {
    const list = [...files];
    if (list.every((each) => isBlob(each))) return list.map((file) => [pathOf(file), file]);
    const isPair = (each: unknown) => Array.isArray(each) && typeof each[0] === 'string';
    return list.every(isPair) ? (list as [string, Source][]) : undefined;
  }
  return isObject(files) && !(files instanceof ArrayBuffer)
    ? (Object.entries(files) as [string, Source][])
    : undefined;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** Of a chosen folder the browser tells each file's place in it; of a single file nothing but the name. */
function pathOf(file: Blob): string {
  const { webkitRelativePath, name } = file as Partial<File>;
  return webkitRelativePath || (name ?? '');
}

/** What stands before the names that matter: a chosen folder's own name. */
function rootOf(names: readonly string[]): string {
  const roots = names
    .map((name) =>
      /^(.*\/)?(?:(?:tokenizer_)?config\.json|tokenizer\.json|vocab\.(?:json|txt)|(?:tokenizer|spiece|tiktoken)\.model|qwen\.tiktoken)$/.exec(
        name,
      ),
    )
    .flatMap((match) => (match ? [match[1] ?? ''] : []));
  return roots.sort((a, b) => a.length - b.length)[0] ?? '';
}

function summary(names: readonly string[]): string {
  const most = 5;
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return names.slice(0, most).join(', ') + more;
}
