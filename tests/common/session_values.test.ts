/** Values that are no tensors, and element types that not every runtime has. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'infercore';
import { errorOf, faultsOf, model } from './models';
import { ON_GPU, testIf } from './surroundings';

const open: InferenceSession[] = [];
async function create(name: string): Promise<InferenceSession> {
  const session = await InferenceSession.create(model(name));
  open.push(session);
  return session;
}
afterAll(async () => {
  for (const session of open) await session.dispose();
});

const float = (values: number[], dims = [values.length]) => new Tensor('float32', values, dims);
const native = testIf(TARGET === 'native', 'onnxruntime-web hands out tensors alone');
const web = testIf(
  TARGET === 'wasm' && !ON_GPU,
  "natively they can be had, and WebGPU's build has no such operators",
);
const withMaps = testIf(!ON_GPU, "WebGPU's build has no ZipMap");

/** As a program for the model writes it down. */
type Classified = {
  label: Tensor;
  probabilities: readonly ReadonlyMap<bigint, number>[];
  by_name: readonly ReadonlyMap<string, number>[];
};

describe('sequences and maps', () => {
  const x = float([0, 0, 0, 9, 1, 1], [2, 3]);

  native('a sequence of tensors is an array', async () => {
    const session = await create('sequence-output');
    const { parts } = await session.run<{ parts: readonly Tensor[] }>({ x: float([1, 2]) });
    expect(parts.map(({ data }) => data)).toEqual([Float32Array.of(1), Float32Array.of(2)]);
    expect(parts[0]).toBeInstanceOf(Tensor);
    const none = await session.run<{ parts: readonly Tensor[] }>({ x: float([]) });
    expect(none.parts).toEqual([]);
  });

  native('a classifier gives a Map a row', async () => {
    const session = await create('classifier');
    const { label, probabilities, by_name } = await session.run<Classified>({ x });
    expect(label.data).toEqual(BigInt64Array.of(0n, 0n));
    expect(probabilities).toHaveLength(2);
    expect([...(probabilities[0]?.keys() ?? [])]).toEqual([10n, 20n, 30n]);
    expect(probabilities[0]?.get(20n)).toBeCloseTo(1 / 3, 6);
    expect([...(by_name[1]?.keys() ?? [])]).toEqual(['bird', 'cat', 'dog']);
    expect(by_name[1]?.get('bird')).toBeGreaterThan(0.99);
    const same = session.runSync<Classified>({ x });
    expect(same.by_name).toEqual(by_name);
  });

  native('no tensor can be written into for them', async () => {
    const session = await create('classifier');
    const run = session.run({ x }, { label: null, by_name: float([0]) });
    const [fault] = await faultsOf(run, 'INVALID_INPUT');
    expect(fault).toBe(
      'output "by_name": it is a sequence or a map: name it in fetches without a tensor',
    );
  });

  web('can not be fetched', async () => {
    for (const [name, output, feeds] of [
      ['sequence-output', 'parts', { x: float([1, 2]) }],
      ['classifier', 'probabilities', { x }],
    ] as const) {
      const error = await errorOf((await create(name)).run(feeds), 'NOT_SUPPORTED');
      expect(error.message).toContain(`output "${output}" of the model is a sequence, a map or`);
    }
  });

  withMaps('the tensors beside them can be fetched anywhere', async () => {
    const session = await create('classifier');
    expect(session.outputMetadata.map(({ isTensor }) => isTensor)).toEqual([true, false, false]);
    const { label } = await session.run({ x }, ['label']);
    expect(label?.data).toEqual(BigInt64Array.of(0n, 0n));
  });

  native('a sequence is fed as an array of Tensors', async () => {
    const session = await create('optional-input');
    const parts = [float([5, 6]), float([7])];
    const run = session.run({ x: float([1]), parts });
    parts[0]?.data.fill(9);
    const { y, first } = await run;
    expect([y?.data, first?.data]).toEqual([Float32Array.of(2), Float32Array.of(5, 6)]);
    const same = session.runSync({ x: float([1]), parts });
    expect(same['first']?.data).toEqual(Float32Array.of(9, 9));
  });

  native('a sequence that waits for its turn is copied', async () => {
    const session = await InferenceSession.create(model('optional-input'), { maxConcurrency: 1 });
    open.push(session);
    const parts = [float([5])];
    const runs = [1, 2, 3].map(() => session.run({ x: float([1]), parts }, ['first']));
    parts[0]?.data.fill(9);
    for (const { first } of await Promise.all(runs))
      expect(first?.data).toEqual(Float32Array.of(5));
  });

  native('sequences can not be verified', async () => {
    const session = await create('sequence-output');
    const known = { inputs: { x: float([1]) }, expected: { parts: float([1]) } };
    const { message } = await errorOf(session.verify(known), 'NOT_SUPPORTED');
    expect(message).toBe('output "parts" is a sequence: only tensors can be compared');
  });

  native('what does not fit a sequence is told', async () => {
    const session = await create('optional-input');
    const x = float([1]);
    const faults = async (parts: unknown): Promise<string[]> =>
      faultsOf(session.run({ x, parts: parts as Tensor[] }), 'INVALID_INPUT');
    const wrong = (received: string): string[] => [
      `expected sequence<float32> (an array of Tensors) for input "parts", received ${received}`,
    ];
    expect(await faults(x)).toEqual(wrong('float32'));
    expect(await faults([new Tensor('int64', [1n])])).toEqual(wrong('sequence<int64>'));
    expect((await faults([]))[0]).toContain('expected at least one Tensor in a sequence');
    for (const none of [[1], [[x]], [x, null]]) {
      expect((await faults(none))[0]).toMatch(
        /for input "parts", received an array of \d: wrap it/,
      );
    }
    expect((await faults([{}]))[0]).toContain('expected a Tensor for input "parts", received an');
    const odd = { type: 'float32', dims: [3], data: new Float32Array(2) };
    expect((await faults([x, odd]))[0]).toContain('element 1 do not go together');
    expect((await session.validate({ x: [x], parts: [x] })).map(({ message }) => message)).toEqual([
      'expected float32 for input "x", received sequence<float32>',
    ]);
  });

  web('a sequence can not be fed', async () => {
    const session = await create('optional-input');
    const one = float([1]);
    expect(await faultsOf(session.run({ x: one, parts: [one] }), 'INVALID_INPUT')).toContain(
      'expected a Tensor for input "parts", received an array of 1: wrap it, new Tensor(type, data, dims)',
    );
    const messages = await faultsOf(session.run({ x: one, parts: one }), 'INVALID_INPUT');
    expect(messages.at(-1)).toMatch(/input "parts" of the model is a ".*": only tensors can be/);
  });
});

describe('optional values', () => {
  native('one that is there is what it holds', async () => {
    const session = await create('optional-output');
    const { kept } = await session.run({ x: float([1, 2]) }, ['kept']);
    expect(kept?.data).toEqual(Float32Array.of(1, 2));
  });

  native('one that is absent is an error', async () => {
    const session = await create('optional-output');
    const error = await errorOf(session.run({ x: float([1]) }), 'NOT_SUPPORTED');
    expect(error.message).toContain('output "absent" is an optional value that is absent');
  });

  web('can not be fetched', async () => {
    const session = await create('optional-output');
    await errorOf(session.run({ x: float([1]) }, ['kept']), 'NOT_SUPPORTED');
  });
});

const onCpu = testIf(!ON_GPU, 'a GPU has types of its own');

for (const type of ['uint4', 'int4'] as const) {
  // Three elements in two bytes.
  const x = new Tensor(type, Uint8Array.of(0x21, 0x03), [3]);

  onCpu(`${type} comes back unchanged, or is told to be impossible`, async () => {
    const session = await create(`identity-${type}`);
    if (TARGET === 'native') {
      const { y } = await session.run({ x });
      expect([y?.type, y?.dims, y?.data]).toEqual([type, [3], Uint8Array.of(0x21, 0x03)]);
    } else {
      const error = await errorOf(session.run({ x }), 'NOT_SUPPORTED');
      expect(error.message).toContain(`unsupported type: ${type}`);
    }
  });

  test(`${type} with an element a byte is a fault`, async () => {
    const session = await create(`identity-${type}`);
    const wide = new Tensor(type, Uint8Array.of(1, 2, 3), [3]);
    expect(await faultsOf(session.run({ x: wide }), 'INVALID_INPUT')).toEqual([
      'dimensions [3] of input "x" need 2 bytes, its data has 3',
    ]);
  });
}

describe('bfloat16', () => {
  native('goes in and comes out as its bits, a tensor of uint16', async () => {
    const session = await create('identity-bfloat16');
    expect(session.inputMetadata).toEqual([
      { name: 'x', isTensor: true, type: 'uint16', shape: ['n'] },
    ]);
    const x = new Tensor('uint16', Uint16Array.of(0x3f80, 0xff80), [2]);
    const { y } = await session.run({ x });
    expect([y?.type, y?.data]).toEqual(['uint16', Uint16Array.of(0x3f80, 0xff80)]);
    const mine = new Tensor('uint16', new Uint16Array(2), [2]);
    expect((await session.run({ x }, { y: mine }))['y']).toBe(mine);
    expect(mine.data).toEqual(Uint16Array.of(0x3f80, 0xff80));
  });

  native('other types are told how', async () => {
    const session = await create('identity-bfloat16');
    expect(await faultsOf(session.run({ x: float([1]) }), 'INVALID_INPUT')).toEqual([
      'expected bfloat16 (its bits, in a tensor of type uint16) for input "x", received float32',
    ]);
  });

  native('its values can be constrained', async () => {
    const constraints = { x: { values: { max: 1 } } };
    const session = await InferenceSession.create(model('identity-bfloat16'), { constraints });
    open.push(session);
    const x = new Tensor('uint16', Uint16Array.of(0x3f80, 0x4000), [2]);
    const [fault] = await faultsOf(session.run({ x }), 'INVALID_INPUT');
    expect(fault).toMatch(/input "x", received 2 at index 1/);
  });
});

const cpuTypes = testIf(!ON_GPU, 'loading is what differs there');
cpuTypes('types that no tensor of JavaScript has', async () => {
  if (TARGET === 'native') {
    const session = await create('identity-float8e4m3fn');
    expect(session.inputMetadata).toEqual([{ name: 'x', isTensor: false }]);
    const x = new Tensor('uint8', Uint8Array.of(1), [1]);
    const error = await errorOf(session.run({ x }), 'NOT_SUPPORTED');
    expect(error.message).toContain('output "y" of the model is float8e4m3fn, which has no');
    return;
  }
  for (const name of ['identity-float8e4m3fn', 'identity-bfloat16']) {
    const error = await errorOf(InferenceSession.create(model(name)), 'NOT_SUPPORTED');
    expect(error.message).toMatch(/unsupported data type: 1[67]: it has no tensors of that type/);
  }
});
