/** What `worker: true` gives: the same results, progress, warnings and errors as without. */
/* eslint no-undef: 'off' -- what page.evaluate() is given runs in the page, with what library.js has put there */
import assert from 'node:assert/strict';
import { workerCases } from './worker_cases.mjs';

const { CASES, test } = workerCases();
export { CASES };

test('vectors are those of a page without a worker', async ({ page }) => {
  const { difference, dims, absent, report } = await page.evaluate(async () => {
    const list = texts(30);
    const here = await pipeline('feature-extraction', FOLDER);
    const there = await pipeline('feature-extraction', FOLDER, { worker: true });
    const [a, b] = [await here(list), await there(list)];
    return {
      difference: Math.max(...a.data.map((value, i) => Math.abs(value - b.data[i]))),
      dims: [a.dims, b.dims],
      absent: [there.tokenizer, there.session],
      report: there.report,
    };
  });
  assert.ok(difference <= 1e-6, `they differ by ${difference}`);
  assert.deepEqual(dims[1], dims[0]);
  assert.deepEqual(absent, [undefined, undefined]);
  assert.equal(report.worker, true);
  for (const phase of ['spawn', 'create', 'tokenize', 'run', 'pool']) {
    assert.ok(report.phases[phase] > 0, `no time of phase ${phase}`);
  }
});

test('a session tells of its model and runs it as without a worker', async ({ page }) => {
  const [here, there] = await page.evaluate(async () => {
    const describe = async (options) => {
      const session = await InferenceSession.create(model('mixed'), options);
      const { inputMetadata, outputMetadata, report } = session;
      const { warnings, providers, runtime, target, worker } = report;
      return { inputMetadata, outputMetadata, warnings, providers, runtime, target, worker };
    };
    return [await describe({}), await describe({ worker: true })];
  });
  assert.deepEqual(there, { ...here, worker: true });
});

test('each type of tensor goes there and back', async ({ page }) => {
  const types = ['float32', 'int64', 'string', 'bool', 'float16', 'uint8', 'float64'];
  const results = await page.evaluate(async (names) => {
    const data = {
      float32: Float32Array.of(1, NaN, -0),
      int64: BigInt64Array.of(1n, -(2n ** 63n)),
      string: ['a', '', 'é🐳'],
      bool: Uint8Array.of(0, 1),
      float16: Uint16Array.of(0x3c00, 0x7e01),
      uint8: new Uint8Array(0),
      float64: Float64Array.of(0.1),
    };
    const told = [];
    for (const type of names) {
      const session = await InferenceSession.create(model(`identity-${type}`), { worker: true });
      const x = new Tensor(type, data[type], [data[type].length]);
      const { y } = await session.run({ x });
      told.push([
        y instanceof Tensor,
        y.type,
        String(y.dims),
        String([...y.data]),
        String([...x.data]),
      ]);
      await session.dispose();
    }
    return told;
  }, types);
  for (const [i, [isTensor, type, , got, sent]] of results.entries()) {
    assert.deepEqual([isTensor, type, got], [true, types[i], sent]);
  }
});

test(
  'models come from addresses, bytes, shared bytes and blobs; bytes are not detached',
  async ({ page }) => {
    const results = await page.evaluate(async () => {
      const bytes = new Uint8Array(await (await fetch(model('add'))).arrayBuffer());
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
      shared.set(bytes);
      const padded = new Uint8Array(bytes.length + 16);
      padded.set(bytes, 16);
      const sources = [
        [new URL(model('add'), document.baseURI)],
        [bytes],
        [bytes.buffer],
        [shared],
        [padded.buffer, 16, bytes.length],
      ];
      const told = [];
      for (const source of sources) {
        const session = await InferenceSession.create(...source, { worker: true });
        told.push(session.inputNames.length);
        await session.dispose();
      }
      return { told, left: [bytes.length, shared.length, padded.length] };
    });
    assert.deepEqual(results.told, [2, 2, 2, 2, 2]);
    assert.ok(results.left.every((length) => length > 0));
  },
  { isolated: true },
);

test('bytes may be changed once the promise is settled, and the worker can be made anew', async ({
  page,
}) => {
  const after = await page.evaluate(async () => {
    const bytes = new Uint8Array(await (await fetch(model('slow'))).arrayBuffer());
    const session = await InferenceSession.create(bytes, { worker: true });
    bytes.fill(0);
    await errorOf(session.run(loops(1e8), { timeoutMs: 50 }));
    return (await session.run(loops(3))).y.dims;
  });
  assert.deepEqual(after, []);
});

test('feeds are copied at once, and not detached', async ({ page }) => {
  const results = await page.evaluate(async () => {
    const session = await InferenceSession.create(model('identity-float32'), { worker: true });
    const data = Float32Array.of(1, 2, 3);
    const first = session.run({ x: new Tensor('float32', data, [3]) });
    const second = session.run({ x: new Tensor('float32', data, [3]) });
    data.fill(9);
    return [[...(await first).y.data], [...(await second).y.data], data.length];
  });
  assert.deepEqual(results, [[1, 2, 3], [1, 2, 3], 3]);
});

test('progress is told in the page', async ({ page }) => {
  const { loading, embedding } = await page.evaluate(async () => {
    const loading = [];
    const embedding = [];
    const embed = await pipeline('feature-extraction', TINY, {
      worker: true,
      onProgress: (event) => loading.push(event),
    });
    await embed(texts(200), { onProgress: (event) => embedding.push(event) });
    return { loading, embedding };
  });
  assert.deepEqual([...new Set(loading.map(({ phase }) => phase))], ['fetch', 'create']);
  const fetched = loading.filter(({ phase }) => phase === 'fetch').at(-1);
  assert.equal(fetched.loaded, fetched.total);
  assert.ok(fetched.total > 1000);
  assert.ok(embedding.length > 1);
  assert.deepEqual(embedding.at(-1), { phase: 'embed', loaded: 200, total: 200 });
});

test('what a progress callback throws ends the call', async ({ page }) => {
  const { error, dims } = await page.evaluate(async () => {
    const embed = await pipeline('feature-extraction', TINY, { worker: true });
    const onProgress = () => {
      throw new RangeError('not in the mood');
    };
    const error = await errorOf(embed(texts(200), { onProgress }));
    return { error, dims: (await embed(['a'])).dims };
  });
  assert.match(error.message, /not in the mood/);
  assert.equal(dims[0], 1);
});

test('warnings are told in the page, once, and stand in the report', async ({ page }) => {
  const { told, listed, threads } = await page.evaluate(async () => {
    const told = [];
    const onWarning = (warning) => told.push(warning.code);
    const options = { worker: true, onWarning, executionProviders: ['webgl2', 'webnn', 'wasm'] };
    const session = await InferenceSession.create(model('add'), options);
    const quiet = await InferenceSession.create(model('add'), { ...options, fallback: 'allow' });
    const embed = await pipeline('feature-extraction', FOLDER, { worker: true, onWarning });
    await embed('word '.repeat(1000));
    await embed('word '.repeat(1001));
    const codes = ({ report }) => report.warnings.map(({ code }) => code);
    return { told, listed: [session, quiet, embed].map(codes), threads: session.report.threads };
  });
  const ofSession = ['PROVIDER_UNKNOWN', 'PROVIDER_SKIPPED'];
  assert.deepEqual([...listed[0]].sort(), [...ofSession].sort());
  assert.deepEqual([...listed[1]].sort(), [...ofSession].sort());
  assert.ok(listed[2].length > 0);
  assert.deepEqual([...told].sort(), [...ofSession, ...listed[2]].sort());
  assert.equal(threads.intraOp, 1);
});

test(
  'errors come with code, hint and faults',
  async ({ page }) => {
    const errors = await page.evaluate(async () => {
      const worker = true;
      const session = await InferenceSession.create(model('add'), { worker });
      const embed = await pipeline('feature-extraction', TINY, { worker });
      return {
        none: await errorOf(InferenceSession.create('nothing/here.onnx', { worker })),
        html: await errorOf(InferenceSession.create('tests/browser/page/empty.html', { worker })),
        source: await errorOf(InferenceSession.create(5, { worker })),
        folder: await errorOf(pipeline('feature-extraction', 'nothing/here', { worker })),
        nowhere: await errorOf(pipeline('feature-extraction', undefined, { worker })),
        feeds: await errorOf(session.run({})),
        provider: await errorOf(
          InferenceSession.create(model('add'), {
            worker,
            fallback: 'error',
            executionProviders: ['webnn'],
          }),
        ),
        strangers: await errorOf(embed(['a', 5, null])),
        pooling: await errorOf(embed(['a'], { pooling: 'maximum', onProgress: 7 })),
        dtype: await errorOf(pipeline('feature-extraction', TINY, { worker, dtype: 'fp31' })),
        functions: await errorOf(pipeline('feature-extraction', TINY, { worker, logId: () => 1 })),
        sync: await errorOf(
          (async () => {
            const x = new Tensor('float32', [1], [1]);
            const identity = await InferenceSession.create(model('identity-float32'), { worker });
            return identity.runSync({ x });
          })(),
        ),
      };
    });
    const codes = Object.fromEntries(
      Object.entries(errors).map(([name, error]) => [name, error?.code]),
    );
    assert.deepEqual(codes, {
      none: 'NOT_FOUND',
      html: 'NOT_A_MODEL',
      source: 'INVALID_INPUT',
      folder: 'NOT_FOUND',
      nowhere: 'NOT_FOUND',
      feeds: 'INVALID_INPUT',
      provider: 'PROVIDER_UNAVAILABLE',
      strangers: 'INVALID_INPUT',
      pooling: 'INVALID_OPTION',
      dtype: 'INVALID_OPTION',
      functions: 'INVALID_OPTION',
      sync: 'NOT_SUPPORTED',
    });
  },
  { isolated: true },
);
