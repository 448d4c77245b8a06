/** What can only be seen from outside: a lease that nobody holds any more, and a timer that keeps no process alive. */
import { expect, test } from '@jest/globals';
import { LIBRARY, ended, runProgram } from './program';

test('a lease that is forgotten is found, told, and its model is free again', async () => {
  const program = `
    import { ModelCache } from ${LIBRARY};
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    const told = [];
    const cache = new ModelCache({ maxModels: 1, onWarning: (warning) => told.push(warning) });
    const held = await cache.acquire('held', () => ({ dispose() { console.log('held') } }));
    await (async () => {
      await cache.acquire('lost', () => ({ dispose() { console.log('lost') } }));
    })();
    for (let i = 0; i < 100 && told.length === 0; i += 1) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const { models, leased } = cache.metrics();
    console.log(told.map(({ code, message }) => code + ' ' + message), models, leased);
    held.release();
    await cache.dispose();`;
  const said = '[ \'LEASE_FORGOTTEN a lease of the model "lost" was never released\' ]';
  expect(await runProgram(program)).toEqual(ended(`lost\n${said} 1 1\nheld\n`));
});

test('a process ends though models are kept, and one that is not listened to warns', async () => {
  const program = `
    import { ModelCache } from ${LIBRARY};
    const cache = new ModelCache({ ttlMs: 1_000_000 });
    const load = () => ({ dispose() { throw new Error('stuck') } });
    (await cache.acquire('a', load)).release();
    await cache.delete('a');
    (await cache.acquire('b', load)).release();
    console.log('done');`;
  const { code, out } = await runProgram(program);
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(/^done\n.*DISPOSE_FAILED.* disposing the model "a" failed: stuck/),
  });
});
