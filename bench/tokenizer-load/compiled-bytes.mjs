import { readFileSync } from 'node:fs';
import { Tokenizer } from '../../dist/esm/node.js';

export async function open({ compiled }) {
  const { open } = await import('./infercore.mjs');
  await open({ file: compiled });
  const bytes = readFileSync(compiled);
  return {
    async load() {
      const tokenizer = await Tokenizer.from(bytes);
      return (text) => tokenizer.encode(text).ids;
    },
  };
}
