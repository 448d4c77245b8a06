/** Callbacks that throw while a model loads: their error is the caller's, and no loaded model stays behind. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { InferenceSession } from 'infercore';
import type { SessionOptions } from 'infercore';
import { model } from './models';
import { FREE, replace, watchSessions } from './runtime_calls';

let made = 0;
let freed = 0;
let restore: () => void;
beforeEach(async () => {
  [made, freed] = [0, 0];
  restore = await watchSessions((loaded) => {
    made += 1;
    replace(loaded, FREE, (free) => () => {
      freed += 1;
      return free();
    });
  });
});
afterEach(() => {
  restore();
});

test('sessions are counted', async () => {
  const session = await InferenceSession.create(model('add'));
  expect([made, freed]).toEqual([1, 0]);
  await session.dispose();
  expect([made, freed]).toEqual([1, 1]);
});

const mine = new Error('mine');
const fail = () => {
  throw mine;
};
const cases: [string, SessionOptions, number][] = [
  ['onProgress, at once', { onProgress: fail }, 0],
  [
    'onProgress, at last',
    { onProgress: ({ phase, loaded }) => phase === 'create' && loaded > 0 && fail() },
    1,
  ],
  [
    'onWarning, before the model is loaded',
    { executionProviders: ['nothing'], onWarning: fail },
    0,
  ],
  [
    'onWarning, of a provider that is not there',
    { executionProviders: ['coreml'], onWarning: fail },
    1,
  ],
];
test.each(cases)('%s', async (_, options, loaded) => {
  const error = await InferenceSession.create(model('add'), options).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBe(mine);
  expect([made, freed]).toEqual([loaded, loaded]);
});

test('a session that onWarning fails during a run lives on', async () => {
  const session = await InferenceSession.create(model('add'), { onWarning: fail });
  const run = session.run({}, { priority: 1 } as object);
  await expect(run).rejects.toBe(mine);
  expect([made, freed]).toEqual([1, 0]);
  await session.dispose();
});
