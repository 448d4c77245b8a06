/** Loading leaves the event loop free: natively it happens on the library's threads. */
import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { defaultModel } from '../common/model_paths';
import { ended, LIBRARY, runProgram } from '../common/program';

const folder = JSON.stringify(resolve(defaultModel));

/** How often the event loop turned while `work` was done: a blocked one turns between its steps alone. */
const turnsDuring = (work: string): string => `
  import { InferenceSession, Tokenizer, pipeline } from ${LIBRARY};
  let turns = 0;
  let on = true;
  const turn = () => { turns += 1; if (on) setImmediate(turn); };
  setImmediate(turn);
  const made = await ${work};
  on = false;
  console.log(turns > 50 ? 'turned' : turns);
  await made.dispose();`;

const loads: [string, string][] = [
  ['a tokenizer', `Tokenizer.from(${folder} + '/tokenizer.json')`],
  ['a session', `InferenceSession.create(${folder} + '/onnx/model.onnx')`],
  ['a pipeline', `pipeline('feature-extraction', ${folder})`],
];
test.each(loads)(
  'the event loop turns while %s loads',
  async (_, work) => {
    expect(await runProgram(turnsDuring(work))).toEqual(ended('turned\n'));
  },
  60_000,
);
