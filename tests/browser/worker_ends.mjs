/** How work in a worker ends before its time: aborts, limits, crashes (real ones, made inside), dispose, oblivion. */
/* eslint no-undef: 'off' -- what page.evaluate() is given runs in the page, with what library.js has put there */
import assert from 'node:assert/strict';
import {
  beforeWorkers,
  breakRuntime,
  keepMemory,
  noWorkers,
  until,
  workerCases,
} from './worker_cases.mjs';

const { CASES, test } = workerCases();
export { CASES };

test('an abort while waiting costs nothing but the aborted run', async ({ page }) => {
  const before = await page.evaluate(async () => {
    globalThis.session = await InferenceSession.create(model('slow'), { worker: true });
    return 0;
  });
  const [worker] = page.workers();
  const results = await page.evaluate(async () => {
    const controller = new AbortController();
    const first = session.run(loops(2000));
    const second = errorOf(session.run(loops(1e8), { signal: controller.signal }));
    const third = session.run(loops(5));
    const start = performance.now();
    controller.abort('changed my mind');
    const { code, cause } = await second;
    const waited = performance.now() - start;
    return { code, cause, waited, dims: [(await first).y.dims, (await third).y.dims] };
  });
  assert.equal(before, 0);
  assert.deepEqual([results.code, results.cause], ['ABORTED', 'changed my mind']);
  assert.ok(results.waited < 100, `${results.waited} ms`);
  assert.deepEqual(results.dims, [[], []]);
  assert.ok(page.workers().includes(worker));
});

test('an abort during the loading ends the worker', async ({ page }) => {
  const codes = await page.evaluate(async () => {
    const codes = [];
    for (const [make, options] of [
      [(more) => pipeline('feature-extraction', TINY, more), { signal: AbortSignal.abort() }],
      [(more) => pipeline('feature-extraction', TINY, more), { timeoutMs: 5 }],
      [(more) => InferenceSession.create(model('slow'), more), { timeoutMs: 5 }],
    ]) {
      codes.push((await errorOf(make({ worker: true, ...options }))).code);
    }
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const options = { worker: true, signal: controller.signal, onProgress };
    codes.push((await errorOf(pipeline('feature-extraction', TINY, options))).code);
    return codes;
  });
  assert.deepEqual(codes, ['ABORTED', 'TIMEOUT', 'TIMEOUT', 'ABORTED']);
  await noWorkers(page);
});

test('an abort or a time limit ends a run; the next ones run in a new worker', async ({ page }) => {
  await page.evaluate(async () => {
    globalThis.session = await InferenceSession.create(model('slow'), { worker: true });
  });
  const [worker] = page.workers();
  const results = await page.evaluate(async () => {
    const controller = new AbortController();
    const endless = errorOf(session.run(loops(1e9), { signal: controller.signal }));
    const queued = session.run(loops(3));
    await sleep(300);
    const start = performance.now();
    controller.abort();
    const { code } = await endless;
    const waited = performance.now() - start;
    const limited = await errorOf(session.run(loops(1e9), { timeoutMs: 5000 }));
    return {
      code,
      waited,
      dims: [(await queued).y.dims, (await session.run(loops(3))).y.dims],
      limited,
    };
  });
  assert.equal(results.code, 'ABORTED');
  assert.ok(results.waited < 100, `${results.waited} ms`);
  assert.deepEqual(results.dims, [[], []]);
  assert.equal(results.limited.code, 'TIMEOUT');
  await until(() => page.workers().length === 1);
  assert.notEqual(page.workers()[0], worker);
});

test('a pipeline is aborted between batches, in the same worker', async ({ page }) => {
  await page.evaluate(async () => {
    globalThis.embed = await pipeline('feature-extraction', TINY, {
      worker: true,
      maxTokensPerBatch: 64,
    });
  });
  const [worker] = page.workers();
  const results = await page.evaluate(async () => {
    const controller = new AbortController();
    const done = [];
    const onProgress = ({ loaded }) => {
      done.push(loaded);
      controller.abort();
    };
    const { code } = await errorOf(embed(texts(3000), { signal: controller.signal, onProgress }));
    return { code, done, dims: (await embed(['a'])).dims };
  });
  assert.equal(results.code, 'ABORTED');
  assert.ok(results.done.at(-1) < 2000);
  assert.equal(results.dims[0], 1);
  assert.ok(page.workers().includes(worker));
});

test('a batch that lasts too long is not waited for', async ({ page }) => {
  await page.evaluate(async () => {
    const options = { worker: true, maxTokensPerBatch: 64 };
    globalThis.embed = await pipeline('feature-extraction', TINY, options);
    globalThis.controller = new AbortController();
    globalThis.long = errorOf(embed(texts(10_000), { signal: controller.signal }));
    globalThis.queued = embed(['a']);
  });
  const [worker] = page.workers();
  const busy = page.waitForEvent('console', (message) => message.text() === 'busy');
  const endless = () => {
    console.log('busy');
    for (;;);
  };
  void worker.evaluate(endless).catch(() => undefined);
  await busy;
  const results = await page.evaluate(async () => {
    const start = performance.now();
    controller.abort();
    const { code } = await long;
    return { code, waited: performance.now() - start, dims: (await queued).dims };
  });
  assert.deepEqual([results.code, results.dims[0]], ['ABORTED', 1]);
  assert.ok(results.waited < 200, `${results.waited} ms`);
  assert.ok(page.workers().some((each) => each !== worker));
});

const CRASHES = {
  'throws what nobody catches': () =>
    setTimeout(() => {
      throw new RangeError('out of luck');
    }),
  'ends by itself': () => self.close(),
};
for (const [how, crash] of Object.entries(CRASHES)) {
  test(`a worker that ${how} during a call`, async ({ page }) => {
    await page.evaluate(async () => {
      globalThis.embed = await pipeline('feature-extraction', TINY, {
        worker: true,
        maxTokensPerBatch: 64,
      });
      globalThis.long = errorOf(embed(texts(10_000)));
      globalThis.queued = embed(['a']);
    });
    await page
      .workers()[0]
      .evaluate(crash)
      .catch(() => undefined);
    const { error, dims, next } = await page.evaluate(async () => ({
      error: await long,
      dims: (await queued).dims,
      next: (await embed(['a', 'b'])).dims,
    }));
    assert.equal(error.code, 'RUNTIME_ERROR');
    assert.match(
      error.message,
      how.startsWith('throws') ? /crashed.*out of luck/ : /crashed.*ended by itself/,
    );
    assert.match(error.hint, /new worker/);
    assert.deepEqual([dims[0], next[0]], [1, 2]);
    assert.equal(page.workers().length, 1);
  });
}

test("onnxruntime-web's module that ends itself is had again in a new worker", async ({ page }) => {
  await beforeWorkers(page, keepMemory);
  await page.evaluate(async () => {
    globalThis.session = await InferenceSession.create(model('slow'), { worker: true });
    globalThis.embed = await pipeline('feature-extraction', TINY, { worker: true });
  });
  for (const worker of page.workers()) await worker.evaluate(breakRuntime);
  const results = await page.evaluate(async () => ({
    errors: [await errorOf(session.run(loops(3))), await errorOf(embed(['a']))],
    dims: [(await session.run(loops(3))).y.dims, (await embed(['a', 'b'])).dims],
  }));
  for (const { code, message, hint } of results.errors) {
    assert.equal(code, 'RUNTIME_ERROR');
    assert.match(message, /the worker crashed during the run: onnxruntime-web's module has ended/);
    assert.match(hint, /a new worker is being made/);
  }
  assert.deepEqual([results.dims[0], results.dims[1][0]], [[], 2]);
});

test('a worker that crashes while nobody waits is made anew, with a warning', async ({ page }) => {
  await page.evaluate(async () => {
    globalThis.warned = [];
    const onWarning = ({ code }) => warned.push(code);
    globalThis.session = await InferenceSession.create(model('slow'), { worker: true, onWarning });
  });
  const [worker] = page.workers();
  await worker.evaluate(CRASHES['ends by itself']).catch(() => undefined);
  await page.waitForFunction(() => warned.includes('WORKER_RESTARTED'));
  const { dims, listed } = await page.evaluate(async () => ({
    dims: (await session.run(loops(3))).y.dims,
    listed: session.report.warnings.map(({ code }) => code),
  }));
  assert.deepEqual(dims, []);
  assert.ok(listed.includes('WORKER_RESTARTED'));
});

test('a worker that crashes again and again is given up', async ({ page }) => {
  await page.evaluate(async () => {
    const onWarning = () => undefined;
    globalThis.session = await InferenceSession.create(model('slow'), { worker: true, onWarning });
  });
  const gone = new Set();
  for (let i = 0; i < 3; i += 1) {
    await until(() => page.workers().some((worker) => !gone.has(worker)));
    const worker = page.workers().find((each) => !gone.has(each));
    gone.add(worker);
    // Not before it is up: a worker that does not start is another fault.
    await page.waitForTimeout(500);
    await worker.evaluate(CRASHES['ends by itself']).catch(() => undefined);
  }
  await noWorkers(page);
  const error = await page.evaluate(() => errorOf(session.run(loops(3))));
  assert.equal(error.code, 'RUNTIME_ERROR');
  assert.match(error.message, /crashed 3 times/);
  assert.equal(page.workers().length, 0);
});

test('dispose waits for runs in flight and ends the worker', async ({ page }) => {
  const results = await page.evaluate(async () => {
    const session = await InferenceSession.create(model('slow'), { worker: true });
    const embed = await pipeline('feature-extraction', TINY, { worker: true });
    const runs = [session.run(loops(500)), session.run(loops(3)), embed(texts(20))];
    await Promise.all([session.dispose(), session.dispose(), embed.dispose()]);
    const rows = (await Promise.all(runs)).map((each) => (each.y ?? each).dims[0]);
    const late = [await errorOf(session.run(loops(3))), await errorOf(embed(['a']))];
    return { rows, late: late.map(({ code }) => code) };
  });
  assert.deepEqual(results, { rows: [undefined, undefined, 20], late: ['DISPOSED', 'DISPOSED'] });
  await noWorkers(page);
});

test('what nobody holds any more ends its worker', async ({ page }) => {
  await page.evaluate(async () => {
    // The callback holds its session, which must not keep it alive.
    const onWarning = () => held;
    const held = [
      await InferenceSession.create(model('slow'), { worker: true, onWarning }),
      await pipeline('feature-extraction', TINY, { worker: true, onWarning }),
    ];
  });
  assert.equal(page.workers().length, 2);
  const devtools = await page.context().newCDPSession(page);
  await until(async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    return page.workers().length === 0;
  });
});
