/** What a session does when everything is as it should be. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, InferError, Tensor, env, listSupportedBackends } from 'infercore';
import { errorOf, model, modelBytes } from './models';
import { ON_GPU, besideAmbient, testIf, testInNode } from './surroundings';

const open: InferenceSession[] = [];
async function create(name: string): Promise<InferenceSession> {
  const session = await InferenceSession.create(model(name));
  open.push(session);
  return session;
}
// A page can hold some fifty, where each is in a worker of its own: memories of WebAssembly reserve addresses.
afterEach(async () => {
  for (const session of open.splice(0)) await session.dispose();
});

const float = (values: number[], dims = [values.length]) =>
  new Tensor('float32', Float32Array.from(values), dims);

describe('metadata', () => {
  test('names, types and shapes of inputs and outputs', async () => {
    const session = await create('mixed');
    expect(session.inputNames).toEqual(['numbers', 'factor', 'keep', 'labels']);
    expect(session.outputNames).toEqual(['scaled', 'kept', 'same_labels']);
    expect(session.inputMetadata).toEqual([
      { name: 'numbers', isTensor: true, type: 'float32', shape: ['batch', 'width'] },
      { name: 'factor', isTensor: true, type: 'float32', shape: [] },
      { name: 'keep', isTensor: true, type: 'bool', shape: ['batch'] },
      { name: 'labels', isTensor: true, type: 'string', shape: ['batch'] },
    ]);
  });

  test('a free dimension without a name has an empty one', async () => {
    const session = await create('unnamed-dims');
    expect(session.inputMetadata).toEqual([
      { name: 'x', isTensor: true, type: 'float32', shape: ['', ''] },
    ]);
  });

  test('an output that is no tensor is told', async () => {
    const session = await create('sequence-output');
    expect(session.outputMetadata).toEqual([{ name: 'parts', isTensor: false }]);
  });
});

describe('tensors of each type come back unchanged', () => {
  const cases: [Tensor.Type, Tensor.DataType][] = [
    ['float32', Float32Array.of(1.5, -0, NaN, Infinity)],
    ['float64', Float64Array.of(Math.PI, -1e300)],
    ['float16', Uint16Array.of(0x3c00, 0xfbff)],
    ['int8', Int8Array.of(-128, 127)],
    ['int16', Int16Array.of(-32768, 32767)],
    ['int32', Int32Array.of(-2147483648, 2147483647)],
    ['int64', BigInt64Array.of(-9223372036854775808n, 9223372036854775807n)],
    ['uint8', Uint8Array.of(0, 255)],
    ['uint16', Uint16Array.of(0, 65535)],
    ['uint32', Uint32Array.of(0, 4294967295)],
    ['uint64', BigUint64Array.of(0n, 18446744073709551615n)],
    ['bool', Uint8Array.of(0, 1)],
    // The last one stays away from onnxruntime-web: see below.
    ['string', ['', 'grüß dich', '日本語', '👍🏽', 'a\0b']],
  ];
  test.each(cases)('%s', async (type, data) => {
    const sent = TARGET === 'wasm' && Array.isArray(data) ? data.slice(0, -1) : data;
    const session = await create(`identity-${type}`);
    const x = new Tensor(type, sent, [sent.length]);
    const { y } = await session.run({ x });
    expect(y).toBeInstanceOf(Tensor);
    expect(y?.type).toBe(type);
    expect(y?.dims).toEqual([sent.length]);
    // As the tensor holds them: bits of float16 become a Float16Array where there is one.
    expect(y?.data).toEqual(x.data);
  });

  test.each(cases)('%s without elements', async (type, data) => {
    const session = await create(`identity-${type}`);
    const empty = data.slice(0, 0);
    const { y } = await session.run({ x: new Tensor(type, empty, [0]) });
    expect(y?.dims).toEqual([0]);
    expect(y?.data).toHaveLength(0);
  });
});

test('a text with U+0000 is never cut without a word', async () => {
  const session = await create('identity-string');
  const run = session.run({ x: new Tensor('string', ['a\0b'], [1]) });
  if (TARGET === 'native') expect((await run)['y']?.data).toEqual(['a\0b']);
  else expect((await errorOf(run, 'NOT_SUPPORTED')).message).toContain('U+0000');
});

describe('shapes', () => {
  test('a scalar', async () => {
    const { y } = await (await create('scalar')).run({ x: float([41], []) });
    expect(y?.dims).toEqual([]);
    expect(y?.data).toEqual(Float32Array.of(42));
  });

  test('fixed, unnamed and undeclared dimensions', async () => {
    const six = float([1, 2, 3, 4, 5, 6], [2, 3]);
    for (const name of ['fixed', 'unnamed-dims', 'any-rank']) {
      const { y } = await (await create(name)).run({ x: six });
      expect(y?.dims).toEqual([2, 3]);
      expect(y?.data).toEqual(Float32Array.of(2, 3, 4, 5, 6, 7));
    }
  });

  test('a model without inputs', async () => {
    const { y } = await (await create('no-input')).run({});
    expect(y?.data).toEqual(Float32Array.of(1, 2, 3));
  });

  test('an input with a default may be left out', async () => {
    const { y } = await (await create('default-input')).run({ x: float([1, 2]) });
    expect(y?.data).toEqual(Float32Array.of(11, 12));
  });

  test('an input with a default may be fed where the runtime takes it', async () => {
    const session = await create('default-input');
    const feeds = { x: float([1, 2]), offset: float([1]) };
    const faults = await session.validate(feeds);
    if (TARGET === 'native') {
      expect(faults).toEqual([]);
      expect((await session.run(feeds)).y?.data).toEqual(Float32Array.of(2, 3));
      const [wrong] = await session.validate({ ...feeds, offset: new Tensor('int32', [1]) });
      expect(wrong?.message).toBe('expected float32 for input "offset", received int32');
    } else {
      expect(faults.map(({ path }) => path)).toEqual(['offset']);
    }
  });

  test('several types in one request', async () => {
    const { scaled, kept, same_labels } = await (
      await create('mixed')
    ).run({
      numbers: float([1, 2, 3, 4], [2, 2]),
      factor: float([10], []),
      keep: new Tensor('bool', [true, false], [2]),
      labels: new Tensor('string', ['a', 'b'], [2]),
    });
    expect(scaled?.data).toEqual(Float32Array.of(10, 20, 30, 40));
    expect(kept?.data).toEqual(BigInt64Array.of(1n));
    expect(same_labels?.data).toEqual(['a', 'b']);
  });
});

describe('what run() takes', () => {
  const feeds = {
    numbers: float([1, 2], [1, 2]),
    factor: float([2], []),
    keep: new Tensor('bool', [true], [1]),
    labels: new Tensor('string', ['a'], [1]),
  };

  test('names of outputs', async () => {
    const results = await (await create('mixed')).run(feeds, ['kept', 'scaled']);
    expect(Object.keys(results)).toEqual(['kept', 'scaled']);
  });

  test('an object of outputs, null where a new tensor is wanted', async () => {
    const results = await (await create('mixed')).run(feeds, { scaled: null });
    expect(Object.keys(results)).toEqual(['scaled']);
  });

  test('a tensor to write into', async () => {
    const mine = float([0, 0], [1, 2]);
    const { data } = mine;
    const { scaled } = await (await create('mixed')).run(feeds, { scaled: mine });
    expect(scaled).toBe(mine);
    expect(mine.data).toBe(data);
    expect(data).toEqual(Float32Array.of(2, 4));
  });

  test('a tensor to write into that does not fit is an error and stays as it is', async () => {
    const mine = float([7, 7, 7], [1, 3]);
    const session = await create('mixed');
    const error = await errorOf(session.run(feeds, { scaled: mine }), 'INVALID_INPUT');
    expect(error.message).toContain('expected a Tensor of float32 [1, 2], received float32 [1, 3]');
    expect(mine.data).toEqual(Float32Array.of(7, 7, 7));
  });

  test('tensors to write into are written all or none', async () => {
    const session = await create('mixed');
    const [mine, wrong] = [float([7, 7], [1, 2]), float([7], [1])];
    const run = session.run(feeds, { scaled: mine, kept: wrong });
    expect((await errorOf(run, 'INVALID_INPUT')).faults).toMatchObject([
      {
        path: 'kept',
        message: 'output "kept": expected a Tensor of int64 [], received float32 [1]',
      },
    ]);
    expect(mine.data).toEqual(Float32Array.of(7, 7));
    const texts = new Tensor('string', ['']);
    const results = await session.run(feeds, { scaled: mine, same_labels: texts, kept: null });
    expect(Object.keys(results)).toEqual(['scaled', 'kept', 'same_labels']); // the model's order
    expect([mine.data, texts.data]).toEqual([Float32Array.of(2, 4), ['a']]);
  });

  test('a tensor to write into for a shape that is not declared', async () => {
    const session = await create('any-rank');
    const x = float([1, 2, 3]);
    for (const mine of [float([0, 0, 0]), float([0, 0, 0], [3, 1])]) {
      if (mine.dims.length === 1) {
        await session.run({ x }, { y: mine });
        expect(mine.data).toEqual(Float32Array.of(2, 3, 4));
      } else {
        const error = await errorOf(session.run({ x }, { y: mine }), 'INVALID_INPUT');
        expect(error.message).toContain('of float32 [3], received float32 [3, 1]');
        expect(mine.data).toEqual(Float32Array.of(0, 0, 0));
      }
    }
  });

  test('a tensor can be fed and written into', async () => {
    const x = float([1, 2, 3]);
    const { y } = await (await create('any-rank')).run({ x }, { y: x });
    expect(y).toBe(x);
    expect(x.data).toEqual(Float32Array.of(2, 3, 4));
  });

  test('options in the second or in the third place', async () => {
    const session = await create('mixed');
    expect(Object.keys(await session.run(feeds, { tag: 'a run' }))).toHaveLength(3);
    expect(Object.keys(await session.run(feeds, ['kept'], { tag: 'a run' }))).toEqual(['kept']);
  });

  test('tensors of another copy of onnxruntime-common, told by their fields', async () => {
    const foreign = { type: 'float32', dims: [1, 4], data: Float32Array.of(1, 2, 3, 4) };
    const feed = foreign as unknown as Tensor;
    const { sum } = await (await create('add')).run({ a: feed, b: feed });
    expect(sum?.data).toEqual(Float32Array.of(2, 4, 6, 8));
  });

  test('an array that is a part of a larger buffer', async () => {
    const whole = Float32Array.of(9, 9, 1, 2, 3, 4, 9);
    const part = new Tensor('float32', whole.subarray(2, 6), [1, 4]);
    const { sum } = await (await create('add')).run({ a: part, b: part });
    expect(sum?.data).toEqual(Float32Array.of(2, 4, 6, 8));
  });
});

test('many runs at once each get their own result', async () => {
  const session = await create('add');
  const runs = Array.from({ length: 50 }, async (_, i) => {
    const x = float([i, i, i, i], [1, 4]);
    const { sum } = await session.run({ a: x, b: x });
    return sum?.data[0];
  });
  expect(await Promise.all(runs)).toEqual(Array.from({ length: 50 }, (_, i) => 2 * i));
});

test('feeds may be changed as soon as run() has returned', async () => {
  const session = await create('add');
  const data = Float32Array.of(1, 2, 3, 4);
  const x = new Tensor('float32', data, [1, 4]);
  const run = session.run({ a: x, b: x });
  data.fill(100);
  const { sum } = await run;
  expect(sum?.data).toEqual(Float32Array.of(2, 4, 6, 8));
});

test('an input that is an output as well comes back in memory of its own', async () => {
  const session = await create('pass-through');
  const feeds = () => ({ x: float(new Array<number>(64).fill(7)) });
  const all = await Promise.all(Array.from({ length: 20 }, () => session.run(feeds())));
  for (const { x, y } of all) {
    expect(x?.data).toEqual(new Float32Array(64).fill(7));
    expect(y?.data).toEqual(new Float32Array(64).fill(7));
  }
  const target = float(new Array<number>(64).fill(0));
  await session.run(feeds(), { x: target });
  expect(target.data).toEqual(new Float32Array(64).fill(7));
  if (TARGET === 'native') {
    const given = feeds();
    const { x } = session.runSync(given);
    given.x.data.fill(0);
    expect(x?.data).toEqual(new Float32Array(64).fill(7));
  }
});

describe('the report', () => {
  test('tells target, runtime, providers, threads and phases', async () => {
    const { report } = await create('add');
    expect(report.target).toBe(TARGET);
    expect(report.runtime.name).toBe(TARGET === 'native' ? 'onnxruntime' : 'onnxruntime-web');
    expect(report.runtime.version).toMatch(/^1\.\d+\.\d+$/);
    expect(report.providers.used).toEqual(PLACE.used);
    expect(report.providers.available).toContain(TARGET === 'native' ? 'cpu' : 'wasm');
    expect(report.providers.skipped).toEqual([]);
    expect(report.threads.intraOp).toBeGreaterThanOrEqual(1);
    expect(report.threads.reason).not.toBe('');
    expect(report.phases['create']).toBeGreaterThan(0);
    expect(besideAmbient(report.warnings)).toEqual([]);
  });

  test('counts the nodes of each provider where the runtime tells them', async () => {
    const { report } = await create('add');
    const nodes = [{ provider: 'cpu', nodes: 1, operators: { Add: 1 } }];
    expect(report.placement).toEqual(TARGET === 'native' ? nodes : undefined);
    const extra = { session: { record_ep_graph_assignment_info: '0' } };
    const unrecorded = await InferenceSession.create(model('add'), { extra });
    open.push(unrecorded);
    expect(unrecorded.report.placement).toBeUndefined();
  });

  test('tells which build of the core is loaded, and why', async () => {
    const { core } = (await create('add')).report;
    const asked = env.core.numThreads;
    const threads = PLACE.kind === 'page' && PLACE.isolated && asked !== 1;
    if (TARGET === 'native') expect(core.build).toBe('addon');
    else if (!threads) expect(core.build).toBe('simd');
    if (threads && asked) expect(core).toMatchObject({ build: 'threads', threads: asked });
    expect(core.threads).toBeGreaterThanOrEqual(1);
    if (core.build === 'simd') expect(core.threads).toBe(1);
    expect(core.reason).not.toBe('');
  });
});

describe('other members', () => {
  test('listSupportedBackends names what can be asked for', async () => {
    await create('add');
    const names = listSupportedBackends().map(({ name }) => name);
    expect(names).toContain(TARGET === 'native' ? 'cpu' : 'wasm');
  });

  test('listSupportedBackends calls bundled what is there', async () => {
    const { report } = await create('add');
    for (const { name, bundled } of listSupportedBackends()) {
      if (name === 'cpu' || name === 'wasm') expect(bundled).toBe(true);
      if (TARGET !== 'native' || name === 'cpu') continue;
      const library = `libonnxruntime_providers_${name}.so`;
      const folder = path.dirname(report.runtime.path ?? '');
      expect([name, bundled]).toEqual([name, existsSync(path.join(folder, library))]);
    }
  });

  test("env is onnxruntime-common's", () => {
    expect(env.versions.common).toMatch(/^1\./);
  });

  test('runSync', async () => {
    const session = await create('add');
    const x = float([1, 2, 3, 4], [1, 4]);
    if (TARGET === 'native') {
      expect(session.runSync({ a: x, b: x })['sum']?.data).toEqual(Float32Array.of(2, 4, 6, 8));
      return;
    }
    const attempt = async () => Promise.resolve(session.runSync({ a: x, b: x }));
    const error = await errorOf(attempt(), 'NOT_SUPPORTED');
    expect(error.hint).toBe('await session.run(feeds)');
  });
});

testIf(TARGET === 'wasm', 'natively threads share sessions')(
  "no thread has another one's session",
  async () => {
    const session = await create('add');
    const share = async () => Promise.resolve(session.share());
    expect((await errorOf(share(), 'NOT_SUPPORTED')).message).toContain('a memory of its own');
    const attach = InferenceSession.attach({ token: '1:1', report: session.report } as never);
    await errorOf(attach, 'NOT_SUPPORTED');
  },
);

describe('create() takes', () => {
  const one = float([1, 1, 1, 1], [1, 4]);
  async function expectRuns(session: InferenceSession): Promise<void> {
    const { sum } = await session.run({ a: one, b: one });
    expect(sum?.data).toEqual(Float32Array.of(2, 2, 2, 2));
    await session.dispose();
  }

  test('bytes', async () => {
    await expectRuns(await InferenceSession.create(modelBytes('add')));
  });

  test('an ArrayBuffer, and a part of one', async () => {
    const bytes = modelBytes('add');
    const buffer = new ArrayBuffer(bytes.length + 7);
    new Uint8Array(buffer).set(bytes, 3);
    const { length } = bytes;
    await expectRuns(await InferenceSession.create(buffer.slice(3, 3 + length)));
    await expectRuns(await InferenceSession.create(buffer, 3, length));
    await expectRuns(await InferenceSession.create(buffer, 3, length, { logId: 'part' }));
    await expectRuns(await InferenceSession.create(buffer.slice(0, 3 + length), 3));
  });

  const canShare = testIf(PLACE.isolated, 'memory is not shared there');
  canShare('a SharedArrayBuffer', async () => {
    const bytes = modelBytes('add');
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    await expectRuns(await InferenceSession.create(shared));
  });

  testInNode('a file: URL', async () => {
    const { pathToFileURL } = await import('node:url');
    await expectRuns(await InferenceSession.create(pathToFileURL(model('add'))));
    await expectRuns(await InferenceSession.create(pathToFileURL(model('add')).href));
  });

  test('bytes that are changed afterwards', async () => {
    const bytes = modelBytes('add');
    const session = await InferenceSession.create(bytes);
    bytes.fill(0);
    await expectRuns(session);
  });
});

const checksIndices = testIf(!ON_GPU, 'a GPU does not check indices');
checksIndices('errors of the runtime are InferErrors with its words', async () => {
  const failing = await create('fail-gather');
  const index = new Tensor('int64', BigInt64Array.of(99n), [1]);
  const error = await errorOf(failing.run({ index }), 'RUNTIME_ERROR');
  expect(error.message).toMatch(/99/);
  expect(error).toBeInstanceOf(InferError);
  // And the session lives on.
  const good = new Tensor('int64', BigInt64Array.of(1n), [1]);
  expect((await failing.run({ index: good }))['rows']?.data).toEqual(Float32Array.of(2, 3));
});

test('external data is found beside a model that is given by its path', async () => {
  if (TARGET === 'wasm') return; // the table of capabilities: externalData names it there
  const session = await create('external-data/model');
  const { y } = await session.run({ x: float([0, 0, 0, 0], [1, 4]) });
  expect(y?.data).toEqual(Float32Array.of(1, 2, 3, 4));
});
