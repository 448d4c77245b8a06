/** `SharedWeights` is native: elsewhere it says so. tests/js/native_shared_weights.test.ts has the rest. */
import { expect, test } from '@jest/globals';
import { InferenceSession, SharedWeights } from 'infercore';
import { failure } from './failure';
import { faultsOf, model } from './models';
import { testIf } from './surroundings';

testIf(TARGET === 'wasm', 'the addon has them')('there are none in WebAssembly', async () => {
  const error = await failure(Promise.resolve().then(() => new SharedWeights()));
  expect(error.code).toBe('NOT_SUPPORTED');
  expect(error.message).toContain(
    'weights are shared natively alone: onnxruntime-web copies them into each of its sessions',
  );
});

test('the option takes nothing else', async () => {
  for (const sharedWeights of [{}, [], null, true, 'all', SharedWeights]) {
    const options = { sharedWeights } as never;
    const faults = await faultsOf(InferenceSession.create(model('add'), options), 'INVALID_OPTION');
    expect(faults).toEqual([
      expect.stringMatching(/^expected a SharedWeights for sharedWeights, received /),
    ]);
  }
});
