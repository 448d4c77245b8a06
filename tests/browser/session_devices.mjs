/** Sessions on devices: what is used and why not, tensors that stay there, and what happens when one is lost. */
import assert from 'node:assert/strict';

/** In a page: names what tools.mjs exports. */
const TOOLS = '/tests/browser/page/tools.mjs';

/** @type {import('./cases.mjs').Case[]} */
export const CASES = [
  {
    name: 'outputs stay on the GPU until they are asked for, and go back in',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { create, model, row, FEEDS, numbers, Tensor, failure } = await import(tools);
        const session = await create(model('add'), {
          executionProviders: ['webgpu'],
          preferredOutputLocation: 'gpu-buffer',
        });
        const { sum } = await session.run(FEEDS());
        const { location } = sum;
        const read = await failure(() => sum.data);
        // Both inputs from the GPU, without a way by the CPU.
        const twice = await session.run({ a: sum, b: sum });
        const mixed = await session.run({ a: twice.sum, b: row(1, 1, 1, 1) });
        const values = [await numbers(twice.sum), await numbers(mixed.sum), await numbers(sum)];
        const { sum: other } = await session.run(FEEDS());
        other.dispose();
        const disposed = [other.location, await failure(session.run({ a: other, b: other }))];
        const { sum: kept } = await session.run(FEEDS());
        const into = new Tensor('float32', new Float32Array(4), [1, 4]);
        const given = await failure(session.run(FEEDS(), { sum: into }));
        await session.dispose();
        const after = await failure(kept.getData());
        kept.dispose();
        const { used } = session.report.providers;
        return {
          location,
          read,
          values,
          disposed,
          given,
          after,
          used,
          ours: sum instanceof Tensor,
        };
      }, TOOLS);
      assert.equal(seen.location, 'gpu-buffer');
      assert.equal(seen.ours, true);
      assert.deepEqual(seen.used, ['webgpu']);
      assert.match(seen.read.message, /getData\(\)/);
      assert.deepEqual(seen.values, [
        [4, 6, 8, 10],
        [5, 7, 9, 11],
        [2, 3, 4, 5],
      ]);
      assert.equal(seen.disposed[0], 'none');
      assert.match(seen.disposed[1].message, /disposed/);
      assert.equal(seen.given.code, 'INVALID_INPUT');
      assert.match(seen.given.message, /preferredOutputLocation/);
      assert.equal(seen.after.code, 'DISPOSED');
    },
  },
  {
    name: 'a location by output; a wrong name; one that no device has',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { create, model, FEEDS, failure } = await import(tools);
        const gpu = { executionProviders: ['webgpu'] };
        const make = (options) => create(model('add'), options);
        const named = await make({ ...gpu, preferredOutputLocation: { sum: 'gpu-buffer' } });
        const wrong = await failure(
          make({ ...gpu, preferredOutputLocation: { som: 'gpu-buffer' } }),
        );
        const none = await failure(make({ ...gpu, preferredOutputLocation: 'texture' }));
        const wasm = await make({ preferredOutputLocation: 'gpu-buffer' });
        const { sum } = await wasm.run(FEEDS());
        const text = await failure(
          create(model('identity-string'), { ...gpu, preferredOutputLocation: 'gpu-buffer' }),
        );
        const location = (await named.run(FEEDS())).sum.location;
        return { wrong, none, text, location, cpu: sum.location, warnings: wasm.report.warnings };
      }, TOOLS);
      assert.equal(seen.location, 'gpu-buffer');
      assert.equal(seen.wrong.code, 'INVALID_OPTION');
      assert.match(seen.wrong.message, /"som" \(did you mean "sum"\?\)/);
      assert.equal(seen.none.code, 'INVALID_OPTION');
      assert.equal(seen.text.code, 'NOT_SUPPORTED');
      assert.match(seen.text.message, /output "y" can't stay on the GPU: it is string/);
      assert.equal(seen.cpu, 'cpu');
      assert.ok(seen.warnings.some(({ message }) => /preferredOutputLocation.*wasm/.test(message)));
    },
  },
  {
    name: 'buffers of the program: of the session’s device, of another, of none',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { create, model, row, numbers, failure, Tensor, env } = await import(tools);
        const session = await create(model('add'), { executionProviders: ['webgpu'] });
        const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
        const feed = (gpu, flags = usage) => {
          const buffer = gpu.createBuffer({ size: 16, usage: flags });
          gpu.queue.writeBuffer(buffer, 0, Float32Array.of(5, 6, 7, 8));
          return {
            a: Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: [1, 4] }),
            b: row(1, 1, 1, 1),
          };
        };
        const mine = await env.webgpu.device;
        const other = await (await navigator.gpu.requestAdapter()).requestDevice();
        const { sum } = await session.run(feed(mine));
        const wasm = await create(model('add'));
        return {
          sum: await numbers(sum),
          other: await failure(session.run(feed(other))),
          unreadable: await failure(session.run(feed(mine, GPUBufferUsage.COPY_DST))),
          wasm: await failure(wasm.run(feed(mine))),
        };
      }, TOOLS);
      assert.deepEqual(seen.sum, [6, 7, 8, 9]);
      for (const { code, message } of [seen.other, seen.unreadable]) {
        assert.equal(code, 'INVALID_INPUT');
        assert.match(message, /expected a Tensor on the session's device for input "a"/);
      }
      assert.match(seen.wasm.message, /expected a Tensor on the CPU for input "a"/);
    },
  },
  {
    name: 'many runs at once, on both builds',
    run: async (page) => {
      const sums = await page.evaluate(async (tools) => {
        const { create, model, FEEDS, numbers } = await import(tools);
        const gpu = await create(model('add'), { executionProviders: ['webgpu'] });
        const gpu2 = await create(model('add'), { executionProviders: ['webgpu'] });
        const [wasm, wasm2] = await Promise.all([create(model('add')), create(model('add'))]);
        const sessions = [gpu, wasm, gpu2, wasm2, gpu, wasm, gpu2, wasm2, wasm, gpu];
        const outputs = await Promise.all(sessions.map((session) => session.run(FEEDS())));
        return Promise.all(outputs.map(({ sum }) => numbers(sum)));
      }, TOOLS);
      assert.equal(sums.length, 10);
      for (const sum of sums) assert.deepEqual(sum, [2, 3, 4, 5]);
    },
  },
  ...[
    {
      what: 'no WebGPU',
      before: () => Reflect.deleteProperty(Navigator.prototype, 'gpu'),
      reason: /there is no WebGPU here \(navigator\.gpu\)/,
    },
    {
      what: 'no adapter',
      before: () => (GPU.prototype.requestAdapter = () => Promise.resolve(null)),
      reason: /requestAdapter\(\) answers null/,
    },
    {
      what: 'an adapter without a device',
      before: () => {
        GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error('limits are too low'));
      },
      reason: /limits are too low/,
    },
  ].map(({ what, before, reason }) => ({
    name: `${what}: the reason is told, nothing of it is loaded`,
    before,
    run: async (page, server) => {
      const seen = await page.evaluate(async (tools) => {
        const { create, model, FEEDS, numbers, failure } = await import(tools);
        const wishes = { executionProviders: ['webgpu', 'webnn', 'webgl', 'cuda', 'wasm'] };
        const session = await create(model('add'), wishes);
        const { sum } = await session.run(FEEDS());
        const strict = { executionProviders: ['webgpu'], fallback: 'error' };
        const { providers, warnings } = session.report;
        return {
          sum: await numbers(sum),
          providers,
          warnings,
          strict: await failure(create(model('add'), strict)),
        };
      }, '/tests/browser/page/tools.mjs');
      assert.deepEqual(seen.sum, [2, 3, 4, 5]);
      assert.deepEqual(seen.providers.used, ['wasm']);
      const skipped = new Map(seen.providers.skipped.map(({ name, reason: why }) => [name, why]));
      assert.match(skipped.get('webgpu'), reason);
      assert.match(skipped.get('webnn'), /there is no WebNN here \(navigator\.ml\)/);
      assert.match(skipped.get('webgl'), /WebGL/);
      assert.match(skipped.get('cuda'), /does not have it/);
      assert.ok(seen.warnings.some(({ message }) => reason.test(message)));
      assert.equal(seen.strict.code, 'PROVIDER_UNAVAILABLE');
      assert.match(seen.strict.message, reason);
      assert.deepEqual(
        server.requests.filter((path) => /asyncify|webgpu/.test(path)),
        [],
      );
    },
  })),
  {
    name: 'a device that is lost between two runs',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { InferenceSession, create, model, FEEDS, numbers, failure, env } = await import(
          tools
        );
        const told = [];
        const session = await InferenceSession.create(model('add'), {
          executionProviders: ['webgpu'],
          preferredOutputLocation: 'gpu-buffer',
          onWarning: ({ code }) => told.push(code),
        });
        const { sum: kept } = await session.run(FEEDS());
        (await env.webgpu.device).destroy();
        const { sum } = await session.run(FEEDS());
        const again = await session.run(FEEDS());
        const next = await create(model('add'), {
          executionProviders: ['webgpu'],
          fallback: 'error',
        });
        const { sum: fresh } = await next.run(FEEDS());
        const seen = {
          sums: [await numbers(sum), await numbers(again.sum), await numbers(fresh)],
          report: session.report,
          told,
          kept: await failure(kept.getData()),
          feed: await failure(session.run({ a: kept, b: kept })),
          next: next.report.providers.used,
        };
        kept.dispose();
        await session.dispose();
        await next.dispose();
        return seen;
      }, TOOLS);
      for (const sum of seen.sums) assert.deepEqual(sum, [2, 3, 4, 5]);
      const { used, skipped } = seen.report.providers;
      assert.deepEqual(used, ['wasm']);
      assert.equal(skipped[0].name, 'webgpu');
      assert.match(skipped[0].reason, /the WebGPU device was lost/);
      assert.equal(seen.told.filter((code) => code === 'DEVICE_LOST').length, 1);
      assert.ok(seen.report.warnings.some(({ code }) => code === 'DEVICE_LOST'));
      assert.equal(seen.kept.code, 'PROVIDER_UNAVAILABLE');
      assert.equal(seen.feed.code, 'INVALID_INPUT');
      assert.deepEqual(seen.next, ['webgpu']);
    },
  },
  {
    name: 'a device that is lost during a run, and while others wait',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { create, model, int64, numbers, env } = await import(tools);
        const session = await create(model('slow'), { executionProviders: ['webgpu'] });
        const runs = [100, 2, 2].map((n) => session.run({ iterations: int64([n], []) }));
        setTimeout(() => void env.webgpu.device.destroy(), 30);
        const values = await Promise.all((await Promise.all(runs)).map(({ y }) => numbers(y)));
        await session.dispose();
        return { values, providers: session.report.providers };
      }, TOOLS);
      assert.deepEqual(seen.providers.used, ['wasm']);
      assert.equal(seen.values.length, 3);
      assert.deepEqual(seen.values[1], seen.values[2]);
    },
  },
  {
    name: 'a device that is lost where no other may take its place',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { create, model, FEEDS, failure, env } = await import(tools);
        const strict = { executionProviders: ['webgpu'], fallback: 'error' };
        const session = await create(model('add'), strict);
        await session.run(FEEDS());
        (await env.webgpu.device).destroy();
        const errors = [await failure(session.run(FEEDS())), await failure(session.run(FEEDS()))];
        await session.dispose();
        return { errors, after: await failure(session.run(FEEDS())) };
      }, TOOLS);
      for (const { code, message } of seen.errors) {
        assert.equal(code, 'PROVIDER_UNAVAILABLE');
        assert.match(message, /the WebGPU device was lost/);
      }
      assert.equal(seen.after.code, 'DISPOSED');
    },
  },
  {
    name: 'the program’s own settings and device',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { create, model, FEEDS, numbers, failure, env } = await import(tools);
        const wishes = [];
        const request = GPU.prototype.requestAdapter;
        GPU.prototype.requestAdapter = function (options) {
          wishes.push(options);
          return request.call(this, options);
        };
        env.webgpu.powerPreference = 'low-power';
        const gpu = ['webgpu'];
        const first = await create(model('add'), { executionProviders: gpu });
        const asked = wishes[0]?.powerPreference;
        const mine = await (await navigator.gpu.requestAdapter()).requestDevice();
        const option = { name: 'webgpu', device: mine, preferredLayout: 'NHWC' };
        const second = await create(model('add'), { executionProviders: [option] });
        const shared = await env.webgpu.device;
        env.webgpu.device = mine;
        const third = await create(model('add'), { executionProviders: gpu });
        const sums = [];
        for (const session of [first, second, third]) {
          sums.push(await numbers((await session.run(FEEDS())).sum));
        }
        mine.destroy();
        for (const session of [first, second, third]) await session.run(FEEDS());
        const used = [first, second, third].map(({ report }) => report.providers.used.join());
        const lost = { executionProviders: [option], fallback: 'error' };
        const none = { executionProviders: [{ name: 'webgpu', device: {} }], fallback: 'error' };
        return {
          asked,
          sums,
          used,
          differ: shared !== mine,
          lost: await failure(create(model('add'), lost)),
          none: await failure(create(model('add'), none)),
        };
      }, TOOLS);
      assert.equal(seen.asked, 'low-power');
      for (const sum of seen.sums) assert.deepEqual(sum, [2, 3, 4, 5]);
      // Two of them ran on the device that is gone.
      assert.deepEqual(seen.used, ['webgpu', 'wasm', 'wasm']);
      assert.ok(seen.differ);
      assert.match(seen.lost.message, /lost/);
      assert.match(seen.none.message, /no GPUDevice/);
    },
  },
  {
    name: 'a pipeline pools on the CPU wherever outputs stay',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const { pipeline } = await import(tools);
        const folder = '/build/test-models/tiny-bert';
        const options = { onWarning: () => undefined };
        const gpu = {
          ...options,
          executionProviders: ['webgpu'],
          preferredOutputLocation: 'gpu-buffer',
        };
        const texts = ['a text', 'and a longer one of more words'];
        const vectors = [];
        for (const each of [options, gpu]) {
          const extract = await pipeline('feature-extraction', folder, each);
          vectors.push([...(await extract(texts, { pooling: 'mean' })).data]);
          await extract.dispose();
        }
        return vectors;
      }, TOOLS);
      const [wasm, gpu] = seen;
      assert.ok(wasm.length > 0);
      assert.ok(wasm.every((value, i) => Math.abs(value - gpu[i]) < 1e-4));
    },
  },
];
