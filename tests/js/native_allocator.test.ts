/** The memory that runs compute in. */
import { expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { defaultModel } from '../common/model_paths';
import { LIBRARY, runProgram } from '../common/program';

/** MB that the process grows by when each of five sessions runs once, one after the other. */
async function growth(extra: object): Promise<number> {
  const { code, out } = await runProgram(`
    import { InferenceSession, Tensor } from ${LIBRARY};
    const sessions = [];
    for (let i = 0; i < 5; i += 1) {
      sessions.push(await InferenceSession.create(${JSON.stringify(resolve(defaultModel, 'onnx/model.onnx'))}, { extra: ${JSON.stringify(extra)} }));
    }
    const before = process.memoryUsage.rss();
    for (const session of sessions) {
      await session.warmup([Object.fromEntries(session.inputNames.map((name) => [name, [32, 128]]))]);
    }
    console.log((process.memoryUsage.rss() - before) / 2 ** 20);`);
  if (code !== 0) throw new Error(out);
  return Number(out);
}

test('is one for all sessions that say so', async () => {
  const [own, shared] = [await growth({}), await growth({ session: { use_env_allocators: true } })];
  // Each of the five has some tens of MB of its own otherwise.
  expect(own).toBeGreaterThan(50);
  expect(shared).toBeLessThan(own / 2);
}, 60_000);
