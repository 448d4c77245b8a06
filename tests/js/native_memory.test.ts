/** The memory that a model takes while it is loaded, and what is left of it. */
import { expect, test } from '@jest/globals';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { defaultModel } from '../common/model_paths';
import { LIBRARY, runProgram } from '../common/program';

const MODEL = resolve(defaultModel, 'onnx/model.onnx');

test('goes back to the system when a large model is there, and when it ends', async () => {
  const { code, out } = await runProgram(`
    import { InferenceSession } from ${LIBRARY};
    const load = () => InferenceSession.create(${JSON.stringify(MODEL)});
    await (await load()).dispose(); // the runtime itself stays
    const before = process.memoryUsage.rss();
    const grown = () => process.memoryUsage.rss() - before;
    const sessions = [];
    for (let i = 0; i < 4; i += 1) sessions.push(await load());
    const loaded = grown();
    for (const session of sessions) await session.dispose();
    console.log(JSON.stringify([loaded, grown()]));`);
  if (code !== 0) throw new Error(out);
  const [loaded = 0, disposed = 0] = JSON.parse(out) as number[];
  const { size } = statSync(MODEL);
  // Weights once each; not what they were read with.
  expect(loaded).toBeLessThan(4 * size * 1.3);
  expect(disposed).toBeLessThan(size / 2);
}, 60_000);
