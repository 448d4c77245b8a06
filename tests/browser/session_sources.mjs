/** Models and tokenizers that come from a user's hand, or over a network that a page may not use. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { at } from '../../scripts/lib/act.mjs';

const TOOLS = '/tests/browser/page/tools.mjs';
const modelPath = (name) => at('build', 'test-models', name);

/** A second origin. @param {import('node:http').RequestListener} answer */
async function elsewhere(answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What `InferenceSession.create(url)` ends in, with the progress it tells. */
function load(page, url) {
  return page.evaluate(
    async ([tools, address]) => {
      const { create } = await import(tools);
      const events = [];
      try {
        const session = await create(address, { onProgress: (event) => events.push(event) });
        return { inputs: session.inputNames, events };
      } catch ({ code, message, hint }) {
        return { error: { code, message, hint }, events };
      }
    },
    [TOOLS, url],
  );
}

/** The same from another origin that allows the page to read the file, and sends what `pack` makes of it. */
async function loadPacked(page, name, pack) {
  const packed = pack(readFileSync(modelPath(name)));
  const other = await elsewhere((_, response) => {
    response.writeHead(200, {
      'access-control-allow-origin': '*',
      'content-encoding': 'gzip',
      'content-length': packed.length,
    });
    response.end(packed);
  });
  try {
    return await load(page, `${other.origin}/${name}`);
  } finally {
    other.close();
  }
}

/** @type {import('./cases.mjs').Case[]} */
export const CASES = [
  {
    name: 'a file that the user chose',
    run: async (page) => {
      await page.setInputFiles('input', modelPath('add.onnx'));
      const seen = await page.evaluate(async (tools) => {
        const { create, FEEDS, numbers } = await import(tools);
        const [file] = document.querySelector('input').files;
        const events = [];
        const session = await create(file, { onProgress: (event) => events.push(event) });
        return { sum: await numbers((await session.run(FEEDS())).sum), events, size: file.size };
      }, TOOLS);
      assert.deepEqual(seen.sum, [2, 3, 4, 5]);
      const { size } = seen;
      assert.deepEqual(
        seen.events.find(({ phase }) => phase === 'read'),
        { phase: 'read', loaded: size, total: size },
      );
    },
  },
  {
    name: 'files that the user dropped',
    run: async (page) => {
      const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
      await page.setInputFiles(
        'input',
        names.map((name) => modelPath(`tiny-bert/${name}`)),
      );
      const seen = await page.evaluate(async (tools) => {
        const { pipeline, Tokenizer } = await import(tools);
        // What a drop brings is what the input holds: a browser lets no script make a drop of real files.
        const dropped = new DataTransfer();
        for (const file of document.querySelector('input').files) dropped.items.add(file);
        const event = new DragEvent('drop', { dataTransfer: dropped, bubbles: true });
        const files = new Promise((resolve) => {
          document.addEventListener('drop', ({ dataTransfer }) => resolve([...dataTransfer.files]));
        });
        document.body.dispatchEvent(event);
        const list = await files;
        const options = { onWarning: () => undefined };
        const vectors = [];
        for (const model of [list, '/build/test-models/tiny-bert']) {
          const extract = await pipeline('feature-extraction', model, options);
          vectors.push([...(await extract('a text', { pooling: 'mean' })).data]);
          await extract.dispose();
        }
        const file = list.find(({ name }) => name === 'tokenizer.json');
        const tokenizer = await Tokenizer.from(file);
        return { vectors, tokens: tokenizer.countTokens('a text') };
      }, TOOLS);
      assert.deepEqual(seen.vectors[0], seen.vectors[1]);
      assert.ok(seen.tokens > 0);
    },
  },
  {
    name: 'a chosen folder',
    run: async (page) => {
      await page.evaluate(() => (document.querySelector('input').webkitdirectory = true));
      await page.setInputFiles('input', modelPath('tiny-sentence'));
      const dims = await page.evaluate(async (tools) => {
        const { pipeline } = await import(tools);
        const { files } = document.querySelector('input');
        const extract = await pipeline('feature-extraction', files, { onWarning: () => undefined });
        return (await extract(['a text', 'another'])).dims;
      }, TOOLS);
      assert.equal(dims[0], 2);
    },
  },
  {
    name: 'another origin that does not allow the page',
    run: async (page, server) => {
      const other = await elsewhere((_, response) => response.end('bytes'));
      try {
        const { error } = await load(page, `${other.origin}/add.onnx`);
        assert.equal(error.code, 'RUNTIME_ERROR');
        assert.ok(error.message.includes(`${other.origin}/add.onnx`));
        assert.ok(
          error.hint.includes(`${other.origin} does not allow this page (CORS)`),
          error.hint,
        );
        assert.ok(
          error.hint.includes(`Access-Control-Allow-Origin: ${new URL(server.address).origin}`),
        );
      } finally {
        other.close();
      }
    },
  },
  {
    name: 'another origin that allows it, compressed: the length it announces is not the file’s',
    run: async (page) => {
      const { inputs, events } = await loadPacked(page, 'slow.onnx', gzipSync);
      assert.deepEqual(inputs, ['iterations']);
      const last = events.filter(({ phase }) => phase === 'fetch').at(-1);
      const { size } = statSync(modelPath('slow.onnx'));
      assert.deepEqual(last, { phase: 'fetch', loaded: size });
    },
  },
  {
    name: 'the same, compressed to more than the file has',
    run: async (page) => {
      const pack = (bytes) => gzipSync(bytes, { level: 0 });
      const { inputs, error } = await loadPacked(page, 'add.onnx', pack);
      assert.deepEqual(inputs, ['a', 'b'], error?.message);
    },
  },
  {
    name: 'a length that no memory has, and one that is a lie',
    run: async (page) => {
      const other = await elsewhere(({ url }, response) => {
        const length = url === '/huge' ? 2 ** 52 : 2 ** 30;
        response.writeHead(200, { 'access-control-allow-origin': '*', 'content-length': length });
        response.write('only this');
        setTimeout(() => response.destroy(), 50);
      });
      try {
        const { error: huge } = await load(page, `${other.origin}/huge`);
        assert.equal(huge.code, 'LIMIT_EXCEEDED');
        const { error: cut } = await load(page, `${other.origin}/lie`);
        assert.equal(cut.code, 'RUNTIME_ERROR');
      } finally {
        other.close();
      }
    },
  },
  ...[
    ['/hostile/page.onnx', 'NOT_A_MODEL', /received an HTML page/],
    ['/hostile/nothing.onnx', 'NOT_FOUND', /404/],
    ['/hostile/error.onnx', 'RUNTIME_ERROR', /503/],
    ['/hostile/cut.onnx', 'RUNTIME_ERROR', /cut\.onnx/],
    ['/hostile/short.onnx', 'NOT_A_MODEL', /the file is cut/],
  ].map(([path, code, message]) => ({
    name: `what a server answers at ${path}`,
    run: async (page) => {
      const { error } = await load(page, path);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
    },
  })),
  {
    name: 'a server that answers with its page where a folder lacks a file',
    run: async (page) => {
      await page.route('**/single-page/**', async (route) => {
        const name = new URL(route.request().url()).pathname.replace('/single-page/', '');
        // In this folder the model lies beside the other files.
        const file = name === 'model.onnx' ? 'onnx/model.onnx' : name;
        const there = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.onnx'];
        if (there.includes(name)) await route.fulfill({ path: modelPath(`tiny-bert/${file}`) });
        else
          await route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html><html></html>' });
      });
      const dims = await page.evaluate(async (tools) => {
        const { pipeline } = await import(tools);
        const options = { onWarning: () => undefined };
        const extract = await pipeline('feature-extraction', '/single-page', options);
        return (await extract('a text', { pooling: 'mean' })).dims;
      }, TOOLS);
      assert.equal(dims[0], 1);
    },
  },
  {
    name: 'no number of the ids becomes a BigInt in JavaScript',
    run: async (page) => {
      const seen = await page.evaluate(async (tools) => {
        const made = [];
        const watch = (holder, name) => {
          const real = holder[name];
          holder[name] = function (...args) {
            // onnxruntime-web's clock tells nanoseconds as a BigInt: no id is that large.
            if (!(name === 'BigInt' && args[0] > 1e15)) made.push(name);
            return Reflect.apply(real, this, args);
          };
          return () => (holder[name] = real);
        };
        const { pipeline } = await import(tools);
        const options = { onWarning: () => undefined };
        const extract = await pipeline(
          'feature-extraction',
          '/build/test-models/tiny-bert',
          options,
        );
        await extract('once, so that all is loaded', { pooling: 'mean' });
        // Every way from a number to the element of such an array that is not a copy of memory.
        const undo = [
          watch(globalThis, 'BigInt'),
          watch(BigInt64Array, 'from'),
          watch(BigInt64Array, 'of'),
          ...['fill', 'map', 'set', 'at', 'forEach', 'values', 'with'].map((name) =>
            watch(BigInt64Array.prototype, name),
          ),
        ];
        const texts = ['a text', 'and a longer one of more words'];
        await extract(texts, { pooling: 'mean' });
        const batch = extract.tokenizer.encodeBatch(texts);
        const feeds = batch.tensors();
        await extract.session.run(feeds);
        for (const put of undo) put();
        const { input_ids: ids } = feeds;
        return { made, type: ids.type, first: Number(ids.data[0]), id: batch.ids[0] };
      }, TOOLS);
      assert.deepEqual(seen.made, []);
      assert.equal(seen.type, 'int64');
      assert.equal(seen.first, seen.id);
    },
  },
];
