/** How the demo site gets threads on hosts that send no headers: its service worker, and what is said where none helps. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { at } from '../../scripts/lib/act.mjs';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { site } from '../../scripts/lib/site.mjs';
import { serveFolder } from '../../scripts/lib/static_server.mjs';

/** @typedef {import('playwright-core').Page} Page */

const SCRIPT = readFileSync(at('demo', 'public', 'isolation-worker.js'), 'utf8');
const PLAIN =
  '<!doctype html><title>A page without a policy</title><link rel="icon" href="data:," />';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

/** What a host may answer that is no plain file. */
const ANSWERS = {
  '/plain.html': (_, response) => response.setHeader('content-type', 'text/html').end(PLAIN),
  '/moved.html': (_, response) => response.writeHead(302, { location: '/plain.html' }).end(),
  '/letters': ({ headers: { range } }, response) => {
    if (range !== 'bytes=2-4') return response.end('abcdefgh');
    return response.writeHead(206, { 'content-range': 'bytes 2-4/8' }).end('cde');
  },
  '/cut': ({ socket }) => socket.destroy(),
};

/**
 * A host without headers, and a page of it.
 *
 * @param {(page: Page, host: {address: string, close: () => void, script: string | undefined, asked: string[]}) => Promise<void>} work
 *   `script`: what the host has as the service worker; `asked`: the paths that it was asked for
 */
async function onHost(work, { from = browser, init } = {}) {
  const host = { script: SCRIPT, asked: [] };
  const answer = (request, response) => {
    host.asked.push(request.url);
    if (request.url === '/isolation-worker.js' && host.script !== undefined) {
      return Boolean(response.setHeader('content-type', 'text/javascript').end(host.script));
    }
    return Boolean(ANSWERS[request.url]?.(request, response));
  };
  Object.assign(host, await serveFolder({ folder: site, answer }));
  const context = await from.newContext();
  try {
    if (init) await context.addInitScript(init);
    await work(await context.newPage(), host);
  } finally {
    await context.close();
    host.close();
  }
}

const says = (page, words) => page.locator('#isolation', { hasText: words }).waitFor();

/** Opens a page that the service worker answers, and that may ask other hosts, too. */
async function openIsolated(page, { address }) {
  await page.goto(`${address}index.html`);
  await says(page, 'Threads: yes, a service worker adds the headers.');
  await page.goto(`${address}plain.html`);
  assert.ok(await page.evaluate(() => globalThis.crossOriginIsolated));
}

/** What the page gets for an address. */
const get = (page, address, init) =>
  page.evaluate(
    async ([address, init]) => {
      try {
        const response = await fetch(address, init);
        const { status, redirected } = response;
        const body = await response.text();
        return { status, redirected, body, headers: Object.fromEntries(response.headers) };
      } catch (error) {
        return { error: error.name };
      }
    },
    [address, init],
  );

describe('the service worker', () => {
  test('gives what the host gives, with the headers of isolation', () =>
    onHost(async (page, host) => {
      await openIsolated(page, host);
      const expected = {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
      };
      const file = await get(page, '/theme.js');
      assert.equal(file.body, readFileSync(at('demo', 'public', 'theme.js'), 'utf8'));
      assert.match(file.headers['content-type'], /^text\/javascript/);
      const tag = { 'if-none-match': file.headers.etag };
      for (const [status, answer] of [
        [200, file],
        [404, await get(page, '/nothing')],
        [304, await get(page, '/theme.js', { headers: tag, cache: 'no-store' })],
        [200, await get(page, '/theme.js', { method: 'HEAD' })],
      ]) {
        assert.equal(answer.status, status);
        for (const [name, value] of Object.entries(expected)) {
          assert.equal(answer.headers[name], value, `${status}: ${name}`);
        }
      }
    }));

  test('gives a part where a part is asked for', () =>
    onHost(async (page, host) => {
      await openIsolated(page, host);
      const part = await get(page, '/letters', { headers: { range: 'bytes=2-4' } });
      assert.equal(part.status, 206);
      assert.equal(part.body, 'cde');
      assert.equal(part.headers['content-range'], 'bytes 2-4/8');
      assert.equal((await get(page, '/letters')).body, 'abcdefgh');
    }));

  test('follows the host to another place', () =>
    onHost(async (page, host) => {
      await openIsolated(page, host);
      assert.equal((await get(page, '/moved.html')).body, PLAIN);
      await page.goto(`${host.address}moved.html`);
      assert.equal(page.url(), `${host.address}plain.html`);
      assert.ok(await page.evaluate(() => globalThis.crossOriginIsolated));
    }));

  test('leaves alone what other hosts answer', () =>
    onHost(async (page, host) => {
      const headers = {
        'access-control-allow-origin': '*',
        'access-control-expose-headers': '*',
        'cross-origin-resource-policy': 'cross-origin',
      };
      const other = await serveFolder({ folder: site, headers });
      try {
        await openIsolated(page, host);
        const answer = await get(page, `${other.address}theme.js`);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['cross-origin-resource-policy'], 'cross-origin');
        assert.equal(answer.headers['cross-origin-opener-policy'], undefined);
      } finally {
        other.close();
      }
    }));

  test('fails as the network fails, and works again', () =>
    onHost(async (page, host) => {
      await openIsolated(page, host);
      assert.deepEqual(await get(page, '/cut'), { error: 'TypeError' });
      assert.equal((await get(page, '/letters')).status, 200);
      host.close();
      assert.deepEqual(await get(page, '/letters'), { error: 'TypeError' });
      await assert.rejects(page.reload(), /net::ERR_/);
    }));

  test('is replaced by a newer one, under open pages', () =>
    onHost(async (page, host) => {
      await openIsolated(page, host);
      assert.equal((await get(page, '/letters')).headers['x-edition'], undefined);
      host.script = SCRIPT.replace(/const headers = .*/, "$&\n  headers.set('x-edition', '2');");
      await page.reload();
      await page.waitForFunction(
        async () => (await fetch('/letters')).headers.get('x-edition') === '2',
      );
      assert.ok(await page.evaluate(() => globalThis.crossOriginIsolated));
    }));
});

describe('where no service worker helps, the page says why', () => {
  const CASES = {
    'the browser has none': {
      init: () => delete globalThis.Navigator.prototype.serviceWorker,
      words: 'there are no service workers',
    },
    'storage is forbidden': {
      init: () =>
        Object.defineProperty(globalThis, 'sessionStorage', {
          get() {
            throw new Error('forbidden');
          },
        }),
      words: 'the browser forbids storage',
    },
    'it does not compile': { script: '(', words: 'the service worker can’t be registered' },
    // One reload, and not one after the other.
    'it adds no headers': { script: '', words: 'but the browser still refuses', visits: 2 },
  };
  for (const [name, { init, script, words, visits = 1 }] of Object.entries(CASES)) {
    const work = async (page, host) => {
      host.script = script ?? SCRIPT;
      await page.goto(`${host.address}index.html`);
      await says(page, `Threads: one only, because`);
      await says(page, words);
      await page.locator('.chip').first().waitFor();
      assert.equal(host.asked.filter((path) => path === '/index.html').length, visits);
    };
    test(name, () => onHost(work, { init }));
  }

  test('the page came over http', async () => {
    const from = await launchChromium(['--host-resolver-rules=MAP plain.test 127.0.0.1']);
    const work = async (page, { address }) => {
      await page.goto(`${address.replace('localhost', 'plain.test')}system.html`);
      await says(page, 'the page came over http; https or localhost is needed');
      await page.getByText('no: only over https or on localhost').waitFor();
      // There is no clipboard either.
      await page.getByRole('button', { name: /^Copy/ }).click();
      await page.getByText('The browser does not allow it.').waitFor();
    };
    await onHost(work, { from }).finally(() => from.close());
  });
});
