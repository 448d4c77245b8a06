import { byId } from './dom.js';
import { counted } from './format.js';
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
    const pieces = piecesOf(tokenizer, input.value, options);
    output.replaceChildren(chips(pieces));
    byId('taste-count', HTMLParagraphElement).textContent = counted(pieces.length, 'token');
  };
  input.addEventListener('input', show);
  show();
}

await shell();
taste().catch((error: unknown) => {
  output.replaceChildren(problem('The tokenizer can’t be loaded', error));
});
