import { Tokenizer } from '../../dist/esm/node.js';

export async function open({ files }) {
  const whole = await Tokenizer.from(files.whole);
  const beginning = await Tokenizer.from(files.beginning);
  return {
    whole: (text, addSpecialTokens) => whole.encode(text, { addSpecialTokens }).ids,
    beginning: (text, addSpecialTokens) => beginning.encode(text, { addSpecialTokens }).ids,
  };
}
