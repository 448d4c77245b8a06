/** Callbacks that throw while a model loads: their error is the caller's, and no loaded model stays behind. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { InferenceSession } from 'infercore';
import type { SessionOptions } from 'infercore';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { model } from './models';

type Loaded = Record<string, () => Promise<void>>;
type Maker = Record<string, (...args: unknown[]) => Promise<Loaded | { value: Loaded }>>;

/** What makes loaded models below the library, and by which name it and its products are called. */
async function maker(): Promise<{ owner: Maker; make: string; free: string }> {
  if (TARGET === 'wasm') {
    const { InferenceSession: Web } = await import('onnxruntime-web');
    return { owner: Web as unknown as Maker, make: 'create', free: 'release' };
  }
  const addon = resolve('npm', `${process.platform}-${process.arch}`, 'infercore.node');
  const owner = createRequire(resolve('package.json'))(addon) as Maker;
  return { owner, make: 'createSession', free: 'dispose' };
}

let made = 0;
let freed = 0;
let restore: () => void;
beforeEach(async () => {
  [made, freed] = [0, 0];
  const { owner, make, free } = await maker();
  const original = owner[make];
  if (!original) throw new Error(`no ${make}`);
  owner[make] = async (...args) => {
    const answer = await original.apply(owner, args);
    const loaded = ('value' in answer ? answer.value : answer) as Loaded;
    const end = loaded[free]?.bind(loaded);
    // By definition, not by assignment: the addon's own method is read-only.
    Object.defineProperty(loaded, free, {
      value: async () => {
        freed += 1;
        await end?.();
      },
    });
    made += 1;
    return answer;
  };
  restore = () => (owner[make] = original);
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
