/** preferredOutputLocation where outputs come to the CPU; tests/browser/session_devices.mjs has the GPU. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import type { SessionOptions } from 'infercore';
import { errorOf, model } from './models';
import { besideAmbient, ON_GPU, testIf } from './surroundings';

const open: InferenceSession[] = [];
afterAll(async () => {
  for (const session of open) await session.dispose();
});

async function create(
  preferredOutputLocation: unknown,
  options: SessionOptions = {},
): Promise<InferenceSession> {
  const given = { preferredOutputLocation, fallback: 'warn', onWarning: () => undefined } as const;
  const session = await InferenceSession.create(model('add'), {
    ...(given as SessionOptions),
    ...options,
  });
  open.push(session);
  return session;
}

const a = new Tensor('float32', Float32Array.of(1, 2, 3, 4), [1, 4]);
const inWorker = PLACE.options.worker === true;
const here = testIf(!inWorker, 'in a worker the option has no effect, which is a warning');
const onCpu = testIf(!ON_GPU && !inWorker, 'outputs can stay there, or the option has no effect');

describe('preferredOutputLocation', () => {
  here('cpu is where they are', async () => {
    for (const asked of ['cpu', { sum: 'cpu' }]) {
      const session = await create(asked);
      expect(besideAmbient(session.report.warnings)).toEqual([]);
      const { sum } = await session.run({ a, b: a });
      expect([sum?.location, sum?.data]).toEqual(['cpu', Float32Array.of(2, 4, 6, 8)]);
    }
  });

  onCpu('places that the session has not are told, and outputs come to the CPU', async () => {
    for (const asked of ['gpu-buffer', { sum: 'gpu-buffer' }, 'ml-tensor']) {
      const session = await create(asked);
      const [warning, ...others] = besideAmbient(session.report.warnings);
      const place = typeof asked === 'string' ? asked : asked.sum;
      expect(others).toEqual([]);
      expect(warning).toMatchObject({
        code: 'OPTION_NOT_SUPPORTED',
        message: `option preferredOutputLocation has no effect for "${place}": the session runs on ${session.report.providers.used.join(', ')}`,
      });
      expect((await session.run({ a, b: a })).sum?.location).toBe('cpu');
    }
  });

  onCpu("with fallback: 'error' that is an error", async () => {
    await errorOf(create('gpu-buffer', { fallback: 'error' }), 'NOT_SUPPORTED');
  });

  here('an output that the model does not make is an error', async () => {
    const { message } = await errorOf(create({ som: 'cpu' }), 'INVALID_OPTION');
    expect(message).toBe(
      'expected names of outputs in preferredOutputLocation, received "som" (did you mean "sum"?); the model makes "sum"',
    );
  });

  test('what is no place is an error', async () => {
    for (const wrong of ['gpu', 'texture', 1, { sum: 'gpu' }, ['cpu']]) {
      await errorOf(create(wrong), 'INVALID_OPTION');
    }
  });
});

test('a tensor to write into, and a feed, must be on the CPU where the session is', async () => {
  const session = await create('cpu');
  const elsewhere = { type: 'float32', dims: [1, 4], location: 'texture' } as unknown as Tensor;
  const into = await errorOf(session.run({ a, b: a }, { sum: elsewhere }), 'INVALID_INPUT');
  expect(into.message).toContain('expected a Tensor on the CPU to write into, received one at');
  const fed = await errorOf(session.run({ a, b: elsewhere }), 'INVALID_INPUT');
  expect(fed.message).toContain('expected a Tensor on the CPU for input "b", received one at');
});

// Engines without resizable buffers have nothing that could go wrong here.
testIf(TARGET === 'native' && 'resize' in ArrayBuffer.prototype, 'nothing else writes meanwhile')(
  'memory for an output that shrinks during the run is an error, and nobody writes where it was',
  async () => {
    const session = await InferenceSession.create(model('identity-float32'));
    const count = 1 << 20;
    const Buffers = ArrayBuffer as unknown as new (
      size: number,
      options: { maxByteLength: number },
    ) => ArrayBuffer & { resize(size: number): void };
    const buffer = new Buffers(count * 4, { maxByteLength: count * 4 });
    const y = new Tensor('float32', new Float32Array(buffer), [count]);
    const x = new Tensor('float32', new Float32Array(count), [count]);
    const work = errorOf(session.run({ x }, { y }), 'INVALID_INPUT');
    buffer.resize(0);
    expect((await work).message).toContain('"y"');
    await session.dispose();
  },
);
