import { stat } from 'node:fs/promises';
import { defaultModelFolder } from '../default_model.js';

/** The tokenizer file that `--model` names: the file itself, or the one in a model folder. */
export async function tokenizerSource(model: string | undefined): Promise<string> {
  const named = model ?? defaultModelFolder();
  return !named.endsWith('.json') && (await isFolder(named))
    ? `${named.replace(/\/+$/, '')}/tokenizer.json`
    : named;
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
