/** Known-input checks: what differs, how much, where; and when a session serves in spite of it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor, pipeline } from 'infercore';
import type { KnownInputs, VerifyReport, Warning } from 'infercore';
import { errorOf, faultsOf, model } from './models';
import { testModel } from './model_paths';
import { besideAmbient } from './surroundings';

const f32 = (data: number[], dims = [data.length]) =>
  new Tensor('float32', Float32Array.from(data), dims);

/** Models that give back their input, loaded once. */
const identities = new Map<string, Promise<InferenceSession>>();
afterAll(async () => {
  for (const session of identities.values()) await (await session).dispose();
});

/** What a model that gives back its input makes of `actual`, against `expected`. */
async function identity(
  type: string,
  actual: Tensor,
  expected: Tensor,
  options: object = {},
): Promise<VerifyReport> {
  const session = identities.get(type) ?? InferenceSession.create(model(`identity-${type}`));
  identities.set(type, session);
  const known = { inputs: { x: actual }, expected: { y: expected }, ...options };
  return (await session).verify(known);
}
const cause = async (work: Promise<unknown>): Promise<VerifyReport> =>
  (await errorOf(work, 'VERIFY_FAILED')).cause as VerifyReport;

describe('floats', () => {
  test('that are equal', async () => {
    const { matches, outputs } = await identity('float32', f32([1, 2, 3]), f32([1, 2, 3]));
    expect(matches).toBe(true);
    expect(outputs).toEqual([
      {
        name: 'y',
        known: 0,
        matches: true,
        elements: 3,
        mismatches: 0,
        maxAbs: 0,
        maxRel: 0,
        cosine: 1,
      },
    ]);
  });

  test('that differ within the tolerance: the report says how much', async () => {
    const { matches, outputs } = await identity('float32', f32([1.0005, 2]), f32([1, 2]));
    expect(matches).toBe(true);
    const [y] = outputs;
    expect(y?.maxAbs).toBeCloseTo(0.0005, 6);
    expect(y?.maxRel).toBeCloseTo(0.0005, 6);
    expect(y?.worst).toMatchObject({ index: [0], expected: 1 });
  });

  test('that differ more: the error has it all', async () => {
    const session = await InferenceSession.create(model('add'));
    const a = f32([0, 1, 2, 3, 4, 5, 6, 7], [2, 4]);
    const b = f32([0, 0, 0, 0, 0, 0, 0, 0], [2, 4]);
    const sum = f32([0, 1, 2, 3.5, 4, 3, 6, 7], [2, 4]);
    const error = await errorOf(
      session.verify({ inputs: { a, b }, expected: { sum } }),
      'VERIFY_FAILED',
    );
    expect(error.faults).toEqual([
      {
        path: 'sum',
        code: 'VERIFY_FAILED',
        message:
          'output "sum": 2 of 8 elements differ by more than the tolerance 0.001, most at [1, 1]: ' +
          'expected 3, received 5; max abs 2, max rel 0.6667, cosine 0.9852',
      },
    ]);
    expect(error.message).toContain('the model gives other outputs than expected: output "sum"');
    expect(error.hint).toContain('tolerance');
    expect((error.cause as VerifyReport).outputs[0]).toMatchObject({
      matches: false,
      mismatches: 2,
      maxAbs: 2,
      worst: { index: [1, 1], expected: 3, actual: 5 },
    });
    await session.dispose();
  });

  const cases: [string, number[], number[], number | undefined, number][] = [
    ['relative beyond 1', [1000.5], [1000], 1e-3, 0],
    ['absolute below 1', [0.0005], [0], 1e-3, 0],
    ['just too far', [1.25], [1], 0.2, 1],
    ['with tolerance 0', [1, 2], [1, 2.000001], 0, 1],
    ['−0 and 0', [-0], [0], 0, 0],
    [
      'NaN for NaN, infinity for itself',
      [NaN, Infinity, -Infinity],
      [NaN, Infinity, -Infinity],
      0,
      0,
    ],
    ['NaN for a number', [NaN, 1], [1, 1], 1e9, 1],
    ['a number for NaN', [1], [NaN], 1e9, 1],
    ['infinity for a number', [Infinity, 1], [1, 1], 1e9, 1],
    ['the other infinity', [Infinity], [-Infinity], 1e9, 1],
    ['none at all', [], [], 0, 0],
  ];
  test.each(cases)('%s', async (_, actual, expected, tolerance, mismatches) => {
    const work = identity('float32', f32(actual), f32(expected), { tolerance });
    const report = mismatches === 0 ? await work : await cause(work);
    expect(report.outputs[0]?.mismatches).toBe(mismatches);
    if (mismatches > 0) expect(report.outputs[0]?.worst?.index).toHaveLength(1);
  });

  test('of NaN and infinity, the worst is what is there and should not be', async () => {
    const { outputs } = await cause(identity('float32', f32([9, NaN, 3]), f32([1, 2, 3])));
    expect(outputs[0]).toMatchObject({
      maxAbs: Infinity,
      maxRel: Infinity,
      mismatches: 2,
      worst: { index: [1], expected: 2, actual: NaN },
    });
    expect(outputs[0]?.cosine).toBeCloseTo((9 + 9) / Math.sqrt(90 * 10), 6);
  });

  test('cosine of opposite and of empty vectors', async () => {
    const opposite = await cause(identity('float32', f32([1, 2]), f32([-1, -2])));
    expect(opposite.outputs[0]?.cosine).toBe(-1);
    const zero = await cause(identity('float32', f32([0, 0]), f32([1, 2])));
    expect(zero.outputs[0]?.cosine).toBe(0);
  });

  test('of 16 bits are compared as numbers', async () => {
    const half = (...bits: number[]) =>
      new Tensor('float16', Uint16Array.from(bits), [bits.length]);
    const near = await identity('float16', half(0x3c00, 0x7e00), half(0x3c01, 0x7e01));
    expect(near.outputs[0]?.maxAbs).toBe(2 ** -10);
    const far = await cause(identity('float16', half(0x0001), half(0xc000), { tolerance: 0.5 }));
    expect(far.outputs[0]?.worst).toEqual({ index: [0], expected: -2, actual: 2 ** -24 });
  });
});

describe('all else has to be equal', () => {
  test('whole numbers', async () => {
    const i64 = (...data: bigint[]) => new Tensor('int64', BigInt64Array.from(data), [data.length]);
    // As doubles these two are equal.
    const big = 2n ** 53n;
    const work = identity('int64', i64(big, 5n), i64(big + 1n, 5n), { tolerance: 10 });
    const { faults, cause: report } = await errorOf(work, 'VERIFY_FAILED');
    expect(faults?.[0]?.message).toBe(
      'output "y": 1 of 2 elements differ, most at [0]: expected 9007199254740993n, received 9007199254740992n; ' +
        'max abs 1, max rel 1.11e-16, cosine 1',
    );
    expect((report as VerifyReport).outputs[0]?.worst?.expected).toBe(big + 1n);
    const u8 = (...data: number[]) => new Tensor('uint8', Uint8Array.from(data), [data.length]);
    expect((await identity('uint8', u8(1, 2), u8(1, 2))).matches).toBe(true);
    expect((await cause(identity('uint8', u8(1, 2), u8(1, 3)))).outputs[0]?.maxAbs).toBe(1);
  });

  test('texts', async () => {
    const texts = (...data: string[]) => new Tensor('string', data, [data.length]);
    expect((await identity('string', texts('a', ''), texts('a', ''))).matches).toBe(true);
    const work = identity('string', texts('a', 'b'), texts('a', 'c'));
    const { faults, cause: report } = await errorOf(work, 'VERIFY_FAILED');
    expect(faults?.[0]?.message).toBe(
      'output "y": 1 of 2 elements differ, most at [1]: expected "c", received "b"',
    );
    expect((report as VerifyReport).outputs[0]).toEqual({
      name: 'y',
      known: 0,
      matches: false,
      message: faults?.[0]?.message,
      elements: 2,
      mismatches: 1,
      worst: { index: [1], expected: 'c', actual: 'b' },
    });
  });

  test('truth values', async () => {
    const bools = (...data: number[]) => new Tensor('bool', Uint8Array.from(data), [data.length]);
    expect((await identity('bool', bools(1, 0), bools(1, 0))).matches).toBe(true);
    await errorOf(identity('bool', bools(1, 0), bools(1, 1)), 'VERIFY_FAILED');
  });

  test('shapes and types', async () => {
    const other = await cause(identity('float32', f32([1, 2]), f32([1, 2, 3])));
    expect(other.outputs[0]?.message).toBe(
      'output "y": expected float32 [3], received float32 [2]',
    );
    const ints = new Tensor('int32', Int32Array.of(1, 2), [2]);
    const typed = await cause(identity('float32', f32([1, 2]), ints));
    expect(typed.outputs[0]?.message).toBe('output "y": expected int32 [2], received float32 [2]');
  });
});

describe('the option', () => {
  const a = f32([1, 2, 3, 4], [1, 4]);
  const inputs = { a, b: a };
  const right: KnownInputs = { inputs, expected: { sum: f32([2, 4, 6, 8], [1, 4]) } };
  const wrong: KnownInputs = { inputs, expected: { sum: f32([2, 4, 6, 9], [1, 4]) } };
  const create = (options: object) => InferenceSession.create(model('add'), options);

  test('lets a model serve that gives what it should', async () => {
    const session = await create({ verify: [right, right] });
    expect(session.report.phases['verify']).toBeGreaterThan(0);
    expect((await session.run(inputs))['sum']?.data[0]).toBe(2);
    await session.dispose();
  });

  test('refuses one that does not', async () => {
    await errorOf(create({ verify: wrong }), 'VERIFY_FAILED');
    const error = await errorOf(create({ verify: [right, wrong, wrong] }), 'VERIFY_FAILED');
    expect(error.faults?.map(({ path }) => path)).toEqual(['[1].sum', '[2].sum']);
    expect(error.faults?.[0]?.message).toContain('known inputs 1, output "sum": 1 of 4 elements');
  });

  test('with onMismatch warn it serves, and says so', async () => {
    const heard: Warning[] = [];
    const session = await create({
      verify: { ...wrong, onMismatch: 'warn' },
      fallback: 'warn',
      onWarning: (warning: Warning) => heard.push(warning),
    });
    expect(besideAmbient(heard).map(({ code }) => code)).toEqual(['VERIFY_FAILED']);
    expect(besideAmbient(heard)[0]?.message).toContain('expected 9, received 8');
    const { matches } = await session.verify({ ...wrong, onMismatch: 'warn' });
    expect(matches).toBe(false);
    expect(besideAmbient(session.report.warnings)).toHaveLength(1);
    await session.dispose();
  });

  test('that is none is told before anything is loaded', async () => {
    const verify = [{ input: inputs, expected: [1], tolerance: -1, onMismatch: 'ignore' }, 3];
    expect(await faultsOf(create({ verify }), 'INVALID_OPTION')).toEqual([
      'unknown option "verify[0].input" (did you mean "inputs"?), expected inputs, expected, tolerance, onMismatch',
      'expected an object for verify[0].inputs, received undefined',
      'expected an object for verify[0].expected, received an array of 1',
      'expected a number ≥ 0 for verify[0].tolerance, received -1',
      'expected one of "error", "warn" for verify[0].onMismatch, received "ignore"',
      'expected { inputs, expected } for verify[1], received 3',
    ]);
  });

  test('whose tensors do not fit the model', async () => {
    const session = await create({});
    const { faults } = await errorOf(
      session.verify({ inputs, expected: { summ: a } }),
      'INVALID_INPUT',
    );
    expect(faults?.[0]?.message).toContain('unknown output "summ" (did you mean "sum"?)');
    await errorOf(session.verify({ inputs: { a }, expected: { sum: a } }), 'INVALID_INPUT');
    await errorOf(session.verify({ inputs, expected: { sum: 3 as never } }), 'INVALID_INPUT');
    await errorOf(session.verify({ inputs, expected: {} }), 'INVALID_INPUT');
    await errorOf(session.verify(7 as never), 'INVALID_OPTION');
    await session.dispose();
    await errorOf(session.verify(right), 'DISPOSED');
  });

  test('is ended with the loading', async () => {
    const slow = InferenceSession.create(model('slow'), {
      timeoutMs: 1000,
      verify: Array.from({ length: TARGET === 'native' ? 1 : 2000 }, () => ({
        inputs: {
          iterations: new Tensor(
            'int64',
            BigInt64Array.of(TARGET === 'native' ? 100_000_000n : 10n),
            [],
          ),
        },
        expected: { y: f32([0], []) },
      })),
    });
    await errorOf(slow, 'TIMEOUT');
  });

  test('of a pipeline', async () => {
    const ids = new Tensor('int64', BigInt64Array.of(2n, 3n), [1, 2]);
    const ones = new Tensor('int64', BigInt64Array.of(1n, 1n), [1, 2]);
    const known = { input_ids: ids, attention_mask: ones, token_type_ids: ones };
    const expected = { last_hidden_state: f32([1, 2], [1, 2]) };
    const load = pipeline('feature-extraction', testModel('tiny-sentence'), {
      verify: { inputs: known, expected },
    });
    const error = await errorOf(load, 'VERIFY_FAILED');
    expect(error.message).toContain(
      'output "last_hidden_state": expected float32 [1, 2], received',
    );
  });
});

describe('against another session', () => {
  let optimized: InferenceSession;
  let plain: InferenceSession;
  beforeAll(async () => {
    optimized = await InferenceSession.create(model('tiny-bert/onnx/model'));
    plain = await InferenceSession.create(model('tiny-bert/onnx/model'), {
      graphOptimizationLevel: 'disabled',
    });
  });
  afterAll(async () => {
    await optimized.dispose();
    await plain.dispose();
  });
  const list = (...data: bigint[]) => new Tensor('int64', BigInt64Array.from(data), [1, 4]);
  const inputs = {
    input_ids: list(2n, 17n, 9n, 3n),
    attention_mask: list(1n, 1n, 1n, 1n),
    token_type_ids: list(0n, 0n, 0n, 0n),
  };

  test('of another optimisation level', async () => {
    const { matches, outputs } = await optimized.verifyAgainst(plain, inputs);
    expect(matches).toBe(true);
    expect(outputs.map(({ name }) => name)).toEqual([...optimized.outputNames]);
    for (const { maxAbs, cosine } of outputs) {
      expect(maxAbs).toBeLessThan(1e-3);
      expect(cosine).toBeGreaterThan(0.9999);
    }
  });

  test('of another model', async () => {
    const doubled = await InferenceSession.create(model('identity-float32'));
    await errorOf(optimized.verifyAgainst(doubled, inputs), 'INVALID_INPUT');
    await doubled.dispose();
    await errorOf(optimized.verifyAgainst(plain, inputs, { tolerance: -1 }), 'INVALID_OPTION');
  });
});
