import { byId } from './dom.js';
import { chips, piecesOf } from './pieces.js';
import { problem } from './problem.js';
import { shell } from './shell.js';
import { readTokenizer, standardFile } from './tokenizer_file.js';

const input = byId('taste-text', HTMLInputElement);
const output = byId('taste-pieces', HTMLDivElement);

async function taste(): Promise<void> {
  const { tokenizer, unknownId } = await readTokenizer(await standardFile());
  const show = () => {
    const options = { addSpecialTokens: false, unknownId };
    output.replaceChildren(chips(piecesOf(tokenizer, input.value, options)));
  };
  input.addEventListener('input', show);
  show();
}

await shell();
taste().catch((error: unknown) => {
  output.replaceChildren(problem('The tokenizer can’t be loaded', error));
});
