/** Workers in surroundings that forbid or lack something, and with what only some have. */
/* eslint no-undef: 'off' -- what page.evaluate() is given runs in the page, with what library.js has put there */
import assert from 'node:assert/strict';
import { beforeWorkers, noWorkers, workerCases } from './worker_cases.mjs';

const { CASES, test } = workerCases();
export { CASES };

test(
  'a policy that allows no worker is named, at once',
  async ({ page }) => {
    const { errors, waited } = await page.evaluate(async () => {
      const start = performance.now();
      const errors = [
        await errorOf(InferenceSession.create(model('add'), { worker: true })),
        await errorOf(pipeline('feature-extraction', TINY, { worker: true })),
      ];
      return { errors, waited: performance.now() - start };
    });
    for (const { code, message } of errors) {
      assert.equal(code, 'RUNTIME_NOT_FOUND');
      assert.match(message, /Content-Security-Policy forbids it: expected worker-src with 'self'/);
    }
    assert.ok(waited < 8000, `${waited} ms`);
    await noWorkers(page);
  },
  { headers: { 'content-security-policy': "worker-src 'none'" } },
);

test('a worker script that was not taken along is named', async ({ page }) => {
  await page.route('**/worker.js', (route) => route.fulfill({ status: 404, body: 'nothing' }));
  const error = await page.evaluate(() =>
    errorOf(InferenceSession.create(model('add'), { worker: true })),
  );
  assert.equal(error?.code, 'RUNTIME_NOT_FOUND');
  assert.match(error.message, /\/dist\/esm\/worker\.js .*answered 404/);
  assert.match(error.hint, /bundler.*worker\.js.*env\.core\.workerPath/);
});

test(
  'a page that came over http: what it lacks has a reason, and its worker works',
  async ({ page }) => {
    const seen = await page.evaluate(async () => {
      env.core.numThreads = 2;
      env.wasm.numThreads = 2;
      const options = {
        executionProviders: ['webgpu', 'webnn', 'wasm'],
        onWarning: () => undefined,
      };
      const session = await InferenceSession.create(model('slow'), options);
      const there = await InferenceSession.create(model('slow'), { ...options, worker: true });
      const extract = await pipeline('feature-extraction', TINY, { ...options, worker: true });
      const controller = new AbortController();
      const endless = errorOf(there.run(loops(1e9), { signal: controller.signal }));
      setTimeout(() => controller.abort(), 300);
      const { code } = await endless;
      const runs = [await session.run(loops(3)), await there.run(loops(3))];
      return {
        secure: isSecureContext,
        code,
        dims: [...runs.map(({ y }) => y.dims), (await extract(['a', 'b'])).dims],
        reports: [session.report, there.report, extract.report],
      };
    });
    assert.equal(seen.secure, false);
    assert.equal(seen.code, 'ABORTED');
    assert.deepEqual([seen.dims[0], seen.dims[1], seen.dims[2][0]], [[], [], 2]);
    for (const { core, threads, providers, warnings } of seen.reports) {
      assert.equal(core.build, 'simd');
      assert.match(core.reason, /not cross-origin isolated: it came over http/);
      assert.equal(threads.intraOp, 1);
      assert.match(threads.reason, /came over http/);
      assert.deepEqual(providers.used, ['wasm']);
      for (const { reason } of providers.skipped) assert.match(reason, /came over http/);
      assert.equal(providers.skipped.length, 2);
      const codes = warnings.map(({ code }) => code);
      assert.ok(codes.includes('THREADS_UNAVAILABLE'), codes.join());
    }
  },
  { isolated: true, insecure: true },
);

test('WebGPU in a worker, and the loss of its device', async ({ page }) => {
  await beforeWorkers(page, () => {
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (wishes) {
      return (globalThis.device = await requestDevice.call(this, wishes));
    };
  });
  const before = await page.evaluate(async () => {
    globalThis.warned = [];
    const options = {
      worker: true,
      executionProviders: ['webgpu'],
      onWarning: ({ code }) => warned.push(code),
    };
    globalThis.session = await InferenceSession.create(model('add'), options);
    globalThis.extract = await pipeline('feature-extraction', TINY, options);
    const row = (...values) => new Tensor('float32', values, [1, 4]);
    globalThis.add = () => session.run({ a: row(1, 2, 3, 4), b: row(1, 1, 1, 1) });
    globalThis.used = () => [session, extract].map(({ report }) => report.providers.used.join());
    const { sum } = await add();
    globalThis.vector = (await extract(['a text'])).data;
    return { sum: [...sum.data], used: used(), warned: warned.length };
  });
  assert.deepEqual(before, { sum: [2, 3, 4, 5], used: ['webgpu', 'webgpu'], warned: 0 });
  for (const worker of page.workers()) await worker.evaluate(() => globalThis.device.destroy());
  const after = await page.evaluate(async () => {
    const { sum } = await add();
    const { data } = await extract(['a text']);
    return {
      sum: [...sum.data],
      used: used(),
      warned,
      difference: Math.max(...data.map((value, i) => Math.abs(value - vector[i]))),
      workers: [session.report.warnings, extract.report.warnings].map((list) =>
        list.map(({ code }) => code),
      ),
    };
  });
  assert.deepEqual(after.sum, [2, 3, 4, 5]);
  assert.deepEqual(after.used, ['wasm', 'wasm']);
  assert.ok(after.difference < 1e-4, `${after.difference}`);
  assert.deepEqual(after.warned, ['DEVICE_LOST', 'DEVICE_LOST']);
  for (const codes of after.workers) assert.ok(codes.includes('DEVICE_LOST'));
  assert.equal(page.workers().length, 2);
});

test(
  'onnxruntime-web within the script of the worker, as a bundler may put it there, is found out',
  async ({ page }) => {
    await beforeWorkers(page, () => {
      const { Worker } = globalThis;
      globalThis.Worker = class extends Worker {
        constructor(script, options) {
          super(options?.name?.startsWith('em-pthread') ? location.href : script, options);
        }
      };
    });
    const error = await page.evaluate(() => {
      env.wasm.numThreads = 2;
      return errorOf(InferenceSession.create(model('add'), { worker: true }));
    });
    assert.equal(error?.code, 'RUNTIME_ERROR');
    assert.match(error.message, /must be a file of its own.*format: 'es'/);
  },
  { isolated: true },
);
