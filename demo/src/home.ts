import { Tokenizer } from 'infercore/tokenizer';
import { byId } from './dom.js';
import { counted } from './format.js';
import { chips, encoded } from './pieces.js';
import { problem } from './problem.js';
import { shell } from './shell.js';
import { standardFile } from './standard.js';

const input = byId('taste-text', HTMLInputElement);
const output = byId('taste-pieces', HTMLDivElement);

async function taste(): Promise<void> {
  const tokenizer = await Tokenizer.from(await standardFile());
  const show = () => {
    const { pieces } = encoded(tokenizer, input.value, false);
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
