/** Callbacks that throw while a model loads: their error is the caller's, and no loaded model stays behind. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { InferenceSession } from 'infercore';
import type { SessionOptions } from 'infercore';
import { model } from './models';
import { FREE, fedTo, replace, watchSessions } from './runtime_calls';
import type { Fed } from './runtime_calls';

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

test('what warm-up feeds: zeros, ones for masks, what the constraints demand', async () => {
  const fed: Record<string, Fed>[] = [];
  restore();
  restore = await watchSessions((loaded) => {
    replace(loaded, 'run', (run) => (feeds, ...rest) => {
      fed.push(fedTo(feeds));
      return run(feeds, ...rest);
    });
  });
  const show = () =>
    fed
      .splice(0)
      .map((feeds) => Object.entries(feeds).map(([name, { data }]) => [name, ...Array.from(data)]));
  const shape = { input_ids: [1, 2], attention_mask: [1, 2], token_type_ids: [1, 2] };
  const bert = await InferenceSession.create(model('tiny-bert/onnx/model'), { warmup: [shape] });
  expect(show()).toEqual([
    [
      ['input_ids', 0n, 0n],
      ['attention_mask', 1n, 1n],
      ['token_type_ids', 0n, 0n],
    ],
  ]);
  await bert.dispose();
  const values: [type: string, limits: object, value: unknown][] = [
    ['float32', { min: 0.5 }, 0.5],
    ['float32', { max: -2 }, -2],
    ['float16', { min: 0.5 }, 0x3800],
    ['int32', { min: 0.5 }, 1],
    ['int64', { min: 5, multipleOf: 4 }, 8n],
    ['int64', { min: 6, multipleOf: 2.5 }, 10n],
    ['uint8', { min: 0 }, 0],
    ['bool', { min: 1 }, 1],
  ];
  for (const [type, limits, value] of values) {
    const session = await InferenceSession.create(model(`identity-${type}`), {
      constraints: { x: { values: limits } },
      warmup: [{ x: [1] }],
    });
    const bits = (data: unknown) => (data === 0.5 && type === 'float16' ? 0x3800 : data);
    expect([type, show().flat(2).map(bits)]).toEqual([type, ['x', value]]);
    await session.dispose();
  }
});
