import { Tokenizer } from 'infercore/tokenizer';
import { byId } from './dom.js';
import { chips, piecesOf } from './pieces.js';
import { problem } from './problem.js';
import { shell } from './shell.js';

const input = byId('taste-text', HTMLInputElement);
const output = byId('taste-pieces', HTMLDivElement);

async function taste(): Promise<void> {
  const tokenizer = await Tokenizer.from(
    new URL('models/default/tokenizer.json', document.baseURI),
  );
  const show = () => {
    const options = { addSpecialTokens: false, unknownId: undefined };
    output.replaceChildren(chips(piecesOf(tokenizer, input.value, options)));
  };
  input.addEventListener('input', show);
  show();
}

await shell();
taste().catch((error: unknown) => {
  output.replaceChildren(problem('The tokenizer can’t be loaded', error));
});
