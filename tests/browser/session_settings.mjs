/** What a page's surroundings do to sessions: settings of onnxruntime-web, threads, memory, a page that nobody sees. */
import assert from 'node:assert/strict';
import { ISOLATION } from '../../scripts/lib/static_server.mjs';
import { breakRuntime, keepMemory } from './worker_cases.mjs';

const TOOLS = '/tests/browser/page/tools.mjs';
const MODULES = '/node_modules/onnxruntime-web/dist/';

/** Creates a session with settings of `env.wasm`; answers its report and a sum, or the error. */
function withSettings(page, wasm, options = {}) {
  return page.evaluate(
    async ([tools, settings, given]) => {
      const { create, model, FEEDS, numbers, env } = await import(tools);
      Object.assign(env.wasm, settings);
      try {
        const bytes = new Uint8Array(await (await fetch(model('add'))).arrayBuffer());
        const session = await create(bytes, given);
        const { sum } = await session.run(FEEDS());
        return { report: session.report, sum: await numbers(sum), bytes: bytes.length };
      } catch ({ code, message, hint }) {
        return { error: { code, message, hint } };
      }
    },
    [TOOLS, wasm, options],
  );
}

const SUM = [2, 3, 4, 5];
const moduleRequests = ({ requests }) =>
  requests.filter((path) => /ort-wasm.*\.(wasm|mjs)$/.test(path));

/** @type {import('./cases.mjs').Case[]} */
export const CASES = [
  {
    name: 'env.wasm.numThreads in a page that may have threads',
    run: async (page) => {
      const { report, sum } = await withSettings(page, { numThreads: 2 });
      assert.deepEqual(sum, SUM);
      assert.equal(report.threads.intraOp, 2);
      assert.equal(report.threads.reason, 'as env.wasm.numThreads says');
      assert.deepEqual(report.warnings, []);
    },
  },
  {
    name: 'a module of another build as env.wasm.wasmBinary',
    run: async (page) => {
      const error = await page.evaluate(
        async ([tools, address]) => {
          const { create, model, env } = await import(tools);
          env.wasm.wasmBinary = await (await fetch(address)).arrayBuffer();
          return create(model('add')).then(
            () => undefined,
            ({ code, hint }) => ({ code, hint }),
          );
        },
        [TOOLS, `${MODULES}ort-wasm-simd-threaded.jsep.wasm`],
      );
      assert.equal(error?.code, 'RUNTIME_NOT_FOUND');
      assert.match(error.hint, /wasmBinary is of another build: take ort-wasm-simd-threaded\.wasm/);
    },
  },
  {
    name: 'a wish of one session for threads that all share',
    run: async (page) => {
      const { report } = await withSettings(page, { numThreads: 2 }, { intraOpNumThreads: 2 });
      assert.deepEqual(report.warnings, []);
      const other = await withSettings(page, {}, { intraOpNumThreads: 4 });
      assert.match(other.report.warnings[0].message, /intraOpNumThreads has no effect.* 2 threads/);
    },
  },
  {
    name: 'threads of its own choice where there is isolation',
    run: async (page) => {
      const { report } = await withSettings(page, {});
      const cores = await page.evaluate(() => navigator.hardwareConcurrency);
      assert.equal(report.threads.intraOp, Math.min(cores, 8));
      assert.match(report.threads.reason, /the machine has \d+ cores/);
    },
  },
  {
    name: 'one thread that was asked for is no warning',
    isolated: false,
    run: async (page) => {
      const { report } = await withSettings(page, { numThreads: 1 });
      assert.equal(report.threads.intraOp, 1);
      assert.deepEqual(report.warnings, []);
    },
  },
  ...[
    [{}, /models run on one thread: the page is not cross-origin isolated/],
    [{ numThreads: 3 }, /one thread, not on the 3 of env.wasm.numThreads: the page is not/],
  ].map(([settings, message]) => ({
    name: `threads in a page that is not isolated, with ${JSON.stringify(settings)}`,
    isolated: false,
    run: async (page) => {
      const told = [];
      page.on('console', (each) => told.push(each.text()));
      const { report, sum } = await withSettings(page, settings);
      assert.deepEqual(sum, SUM);
      assert.equal(report.threads.intraOp, 1);
      assert.equal(report.threads.reason, 'the page is not cross-origin isolated');
      const [warning] = report.warnings;
      assert.equal(warning.code, 'THREADS_UNAVAILABLE');
      assert.match(warning.message, message);
      assert.match(warning.hint, /Cross-Origin-Embedder-Policy/);
      // onnxruntime-web would say it again, in its own words.
      assert.deepEqual(
        told.filter((text) => /numThreads|multi-threading/.test(text)),
        [],
      );
      const strict = await withSettings(page, {}, { fallback: 'error' });
      assert.equal(strict.error.code, 'NOT_SUPPORTED');
    },
  })),
  {
    name: 'a browser whose WebAssembly has no shared memory (taken away from it)',
    before: () => {
      const { validate } = WebAssembly;
      // The one module of the probe that declares a memory.
      WebAssembly.validate = (bytes) => bytes[8] !== 5 && validate(bytes);
    },
    run: async (page) => {
      const { report, sum } = await withSettings(page, {});
      assert.deepEqual(sum, SUM);
      assert.equal(report.threads.intraOp, 1);
      assert.match(report.warnings[0].message, /WebAssembly has no shared memory/);
    },
  },
  {
    name: 'a browser whose WebAssembly has no SIMD (taken away from it)',
    before: () => (WebAssembly.validate = () => false),
    run: async (page, server) => {
      const { error } = await withSettings(page, {});
      assert.equal(error.code, 'NOT_SUPPORTED');
      assert.match(error.message, /WebAssembly with SIMD/);
      assert.deepEqual(moduleRequests(server), []);
    },
  },
  {
    name: 'a number of threads that is none',
    run: async (page) => {
      for (const numThreads of [-1, 1.5, 'two']) {
        const { error } = await withSettings(page, { numThreads });
        assert.equal(error.code, 'INVALID_OPTION');
        assert.match(error.message, /env\.wasm\.numThreads/);
      }
    },
  },
  {
    name: 'without files named, one module of one build is fetched',
    run: async (page, server) => {
      const { sum } = await withSettings(page, {});
      assert.deepEqual(sum, SUM);
      assert.deepEqual(
        [...new Set(moduleRequests(server))],
        [`${MODULES}ort-wasm-simd-threaded.wasm`],
      );
    },
  },
  {
    name: 'env.wasm.wasmPaths as a folder',
    run: async (page, server) => {
      const { sum } = await withSettings(page, { wasmPaths: MODULES, numThreads: 1 });
      assert.deepEqual(sum, SUM);
      // The glue, too, which otherwise is part of the entry.
      assert.ok(server.requests.includes(`${MODULES}ort-wasm-simd-threaded.mjs`));
    },
  },
  ...[
    ['ort-wasm-simd-threaded.wasm', ['wasm'], /wasmPaths names the files of a build without it/],
    ['ort-wasm-simd-threaded.asyncify.wasm', ['webgpu'], undefined],
  ].map(([file, used, reason]) => ({
    name: `env.wasm.wasmPaths names ${file}`,
    run: async (page, server) => {
      const wasmPaths = { wasm: `${MODULES}${file}` };
      const gpu = await withSettings(page, { wasmPaths }, { executionProviders: ['webgpu'] });
      assert.deepEqual(gpu.sum, SUM);
      assert.deepEqual(gpu.report.providers.used, used);
      if (reason) assert.match(gpu.report.providers.skipped[0].reason, reason);
      const wasm = await withSettings(page, { wasmPaths });
      assert.deepEqual(wasm.sum, SUM);
      assert.deepEqual([...new Set(moduleRequests(server))], [`${MODULES}${file}`]);
    },
  })),
  {
    name: 'env.wasm.wasmPaths names a build that is not used',
    run: async (page) => {
      const wasmPaths = { wasm: `${MODULES}ort-wasm-simd-threaded.jsep.wasm` };
      const { error } = await withSettings(page, { wasmPaths });
      assert.equal(error.code, 'INVALID_OPTION');
      assert.match(error.message, /jsep/);
    },
  },
  {
    name: 'env.wasm.wasmBinary',
    run: async (page, server) => {
      const sum = await page.evaluate(
        async ([tools, file]) => {
          const { create, model, FEEDS, numbers, env } = await import(tools);
          env.wasm.wasmBinary = await (await fetch(file)).arrayBuffer();
          const session = await create(model('add'));
          return numbers((await session.run(FEEDS())).sum);
        },
        [TOOLS, `${MODULES}ort-wasm-simd-threaded.wasm`],
      );
      assert.deepEqual(sum, SUM);
      assert.equal(moduleRequests(server).length, 1);
    },
  },
  {
    name: 'files that are not there: each session says so',
    run: async (page) => {
      for (const wasmPaths of [{ wasm: '/nothing/here.wasm' }, undefined]) {
        const { error } = await withSettings(page, { wasmPaths });
        assert.equal(error.code, 'RUNTIME_NOT_FOUND');
        assert.match(error.message, /onnxruntime-web/);
        assert.match(error.hint, /env\.wasm\.wasmPaths.*load the page anew/);
      }
    },
  },
  {
    name: 'env.wasm.proxy has no effect, and takes no buffers away',
    run: async (page) => {
      const { report, sum, bytes } = await withSettings(page, { proxy: true });
      assert.deepEqual(sum, SUM);
      assert.ok(bytes > 0);
      const warning = report.warnings.find(({ code }) => code === 'OPTION_NOT_SUPPORTED');
      assert.match(warning.message, /env\.wasm\.proxy has no effect/);
      assert.match(warning.hint, /worker: true/);
    },
  },
  {
    name: 'more memory than there is: an error, and the page lives',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { create, model, int64, numbers, failure, FEEDS } = await import(tools);
        const session = await create(model('fill'));
        const run = (...dims) => session.run({ dims: int64(dims) });
        // 4.3 GB can be addressed, but not had beside the module's own; 6.4 GB can't be addressed.
        const errors = [
          await failure(run(32_767, 32_767)),
          await failure(run(40_000, 40_000)),
          await failure(run(4_000_000_000, 4_000_000_000)),
        ];
        const { zeros } = await run(3, 2);
        const next = await create(model('add'));
        const { sum } = await next.run(FEEDS());
        return { errors, dims: [...zeros.dims], sum: await numbers(sum) };
      }, TOOLS);
      for (const { code, message, hint } of seen.errors) {
        assert.equal(code, 'LIMIT_EXCEEDED', message);
        assert.match(message, /not enough memory/);
        assert.match(hint, /4 GB/);
      }
      assert.deepEqual(seen.dims, [3, 2]);
      assert.deepEqual(seen.sum, SUM);
    },
  },
  {
    name: 'a module that ended itself: each call says so, the other build and workers go on',
    before: keepMemory,
    isolated: false,
    run: async (page) => {
      await page.evaluate(async (tools) => {
        const { create, model, FEEDS } = await import(tools);
        globalThis.session = await create(model('add'));
        await globalThis.session.run(FEEDS());
      }, TOOLS);
      await page.evaluate(breakRuntime);
      const seen = await page.evaluate(async (tools) => {
        const { create, model, FEEDS, numbers, failure } = await import(tools);
        const { session } = globalThis;
        const run = () => failure(session.run(FEEDS()));
        const errors = [await run(), await run(), await failure(create(model('add')))];
        await session.dispose();
        const sums = [];
        for (const options of [{ executionProviders: ['webgpu'] }, { worker: true }]) {
          const other = await create(model('add'), options);
          sums.push(await numbers((await other.run(FEEDS())).sum));
        }
        return { errors, sums };
      }, TOOLS);
      const [first, ...later] = seen.errors;
      assert.match(first.message, /can't run the model: its module has ended \(.+\)/);
      for (const { message } of later) {
        assert.match(message, /can't (run|load) the model: its module ended before \(.+\)/);
      }
      for (const { code, hint } of seen.errors) {
        assert.equal(code, 'RUNTIME_ERROR');
        assert.match(hint, /load the page anew.*worker: true/);
      }
      assert.deepEqual(seen.sums, [SUM, SUM]);
    },
  },
  {
    name: 'a thread of onnxruntime-web that fails: each session says so',
    before: () => {
      const { Worker } = globalThis;
      globalThis.Worker = class extends Worker {
        constructor(script, options) {
          super(options?.name === 'em-pthread' ? '/thread.js' : script, options);
        }
      };
    },
    run: async (page) => {
      // Once the module is compiled: before that, onnxruntime-web does not listen.
      const body = "setTimeout(() => { throw new Error('out of luck'); }, 3000);";
      const headers = { ...ISOLATION, 'content-type': 'text/javascript' };
      await page.route('**/thread.js', (route) => route.fulfill({ headers, body }));
      for (let i = 0; i < 2; ++i) {
        const { error } = await withSettings(page, { numThreads: 2 });
        assert.equal(error.code, 'RUNTIME_ERROR');
        assert.match(error.message, /a thread failed: .*out of luck; env\.wasm\.numThreads = 1/);
      }
    },
  },
  {
    name: 'a page that nobody sees: runs go on, its slow timers hold nothing up',
    before: () => {
      const { setTimeout } = globalThis;
      // As browsers slow the timers of hidden pages down.
      globalThis.setTimeout = (work, delay = 0, ...args) =>
        setTimeout(work, Math.max(1000, delay), ...args);
      Object.defineProperty(Document.prototype, 'hidden', { get: () => true });
      Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'hidden' });
    },
    run: async (page) => {
      const milliseconds = await page.evaluate(async (tools) => {
        const { create, model, int64 } = await import(tools);
        const session = await create(model('slow'));
        await session.run({ iterations: int64([1], []) });
        const start = performance.now();
        // Each longer than the queue goes without letting the event loop turn.
        const runs = Array.from({ length: 20 }, () => session.run({ iterations: int64([60], []) }));
        const first = performance.now();
        await runs[0];
        const one = performance.now() - first;
        await Promise.all(runs);
        return { all: performance.now() - start, one };
      }, TOOLS);
      // By timers it would be a second more for each of the nineteen that wait.
      assert.ok(milliseconds.all < 19_000 + milliseconds.one, JSON.stringify(milliseconds));
    },
  },
  {
    name: 'dispose while runs are on their way',
    run: async (page) => {
      for (const executionProviders of [['wasm'], ['webgpu']]) {
        const seen = await page.evaluate(
          async ([tools, providers]) => {
            const { create, model, FEEDS, numbers, failure } = await import(tools);
            const session = await create(model('add'), { executionProviders: providers });
            const runs = [session.run(FEEDS()), session.run(FEEDS())];
            const gone = session.dispose();
            const late = await failure(session.run(FEEDS()));
            const sums = await Promise.all(runs.map(async (run) => numbers((await run).sum)));
            await gone;
            await session.dispose();
            return { late, sums };
          },
          [TOOLS, executionProviders],
        );
        assert.equal(seen.late.code, 'DISPOSED');
        assert.deepEqual(seen.sums, [SUM, SUM]);
      }
    },
  },
];
