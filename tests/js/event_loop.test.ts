/** Loading leaves the event loop free: natively it happens on the library's threads. */
import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { defaultModel } from '../common/model_paths';
import { addressOf, runProgram } from '../common/program';

const folder = JSON.stringify(resolve(defaultModel));

/** The share of `work` in which the event loop was not idle: the least of several times, all but the first. */
async function busyDuring(entry: string, work: string): Promise<number> {
  const { out } = await runProgram(`
    import { readFileSync } from 'node:fs';
    import { InferenceSession, Tokenizer, pipeline } from ${addressOf(entry)};
    // As bytes: what is read from a file leaves the loop idle everywhere.
    const json = readFileSync(${folder} + '/tokenizer.json');
    const model = readFileSync(${folder} + '/onnx/model.onnx');
    const shares = [];
    for (let i = 0; i < 6; i += 1) {
      const before = performance.eventLoopUtilization();
      const made = await ${work};
      shares.push(performance.eventLoopUtilization(before).utilization);
      await made.dispose();
    }
    console.log('busy: ' + Math.min(...shares.slice(1)));`);
  return Number(/^busy: (.*)$/m.exec(out)?.[1] ?? NaN);
}

const loads: [string, string][] = [
  ['a tokenizer', 'Tokenizer.from(json)'],
  ['a session', 'InferenceSession.create(model)'],
  ['a pipeline', `pipeline('feature-extraction', ${folder})`],
];
test.each(loads)(
  'the event loop is idle while %s loads, far more than where WebAssembly loads it',
  async (_, work) => {
    const busy = await busyDuring('node.js', work);
    const blocked = await busyDuring('browser.js', work);
    expect(busy).toBeLessThan(blocked / 2);
  },
  60_000,
);
