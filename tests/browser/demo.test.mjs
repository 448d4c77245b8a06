/** The demo site by real clicks: its main ways, its errors, and what everybody must be able to use. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchChromium, SOFTWARE_GPU } from '../../scripts/lib/browser.mjs';
import { site } from '../../scripts/lib/site.mjs';
import { serveFolder } from '../../scripts/lib/static_server.mjs';
import { demoSite, drop, file, PHONE, usableByAll } from './demo_site.mjs';

/** @typedef {import('playwright-core').Page} Page */

const TEXTS = [
  'A cat sleeps in the sun.',
  'Shares fell sharply today.',
  'It rained the whole day.',
];
/** Loading and running a model on a busy machine. */
const SLOW = { timeout: 120_000 };

const onPage = demoSite();

/** @param {Page} page */
async function useOwnTexts(page, texts = TEXTS) {
  await page.getByRole('radio', { name: /Your own/ }).check();
  await page.getByLabel('Pasted text').fill(texts.join('\n'));
}
const indexButton = (page) => page.getByRole('button', { name: /^Index / });
const ready = (page) => page.getByRole('searchbox').and(page.locator(':enabled')).waitFor(SLOW);
async function makeIndex(page) {
  await indexButton(page).click();
  await ready(page);
}
/** Types a query; waits until this is the best sentence. */
async function finds(page, query, sentence) {
  await page.getByRole('searchbox').fill(query);
  await page.locator('.hit').first().locator('mark').filter({ hasText: sentence }).waitFor(SLOW);
}
const used = (page) => page.locator('#used').innerText();

describe('semantic search', () => {
  test('finds pasted texts by what they mean, and says what was used', () =>
    onPage('search', async (page) => {
      await useOwnTexts(page);
      await makeIndex(page);
      await finds(page, 'The weather was terrible.', 'It rained the whole day.');
      await page.getByRole('searchbox').clear();
      // Faster than answers come: the last one must win.
      await page.getByRole('searchbox').pressSequentially('the stock market', { delay: 130 });
      await finds(page, 'news from the stock market', 'Shares fell sharply today.');
      assert.match(await used(page), /WebAssembly[^]*onnxruntime-web/);
      // Asked for by default.
      assert.match(await used(page), /in a worker/);
      assert.match(await page.locator('#query-times').innerText(), /run the model/);
      await page.locator('#query-pieces .chip', { hasText: 'news' }).waitFor();
    }));

  test('takes files: CSV, JSON, Markdown; says what is wrong with others', () =>
    onPage('search', async (page) => {
      await page
        .getByLabel(/Add files/)
        .setInputFiles([
          file('a.csv', 'id;title\n1;"A long text, with ""quotes"" in it"\n2;Another long one\n'),
          file('b.json', '{"data": [{"id": 1, "text": "From JSON"}, {"id": 2, "text": "Twice"}]}'),
          file('c.md', '---\nx: 1\n---\n# Title\n\nSome **bold** words.\n\n```\ncode\n```\n'),
          file('d.bin', 'x'),
          file('e.txt', [0xff, 0xfe, 0x00]),
          file('f.json', '{'),
        ]);
      await page.locator('.file').nth(5).waitFor();
      const states = await page.locator('.file-name small').allTextContents();
      assert.deepEqual(
        states.map((state) => state.replace(/^\d+ B, (not used: )?/, '').slice(0, 14)),
        [
          '2 sentences',
          '2 sentences',
          '2 sentences',
          '.bin files can',
          'it is not UTF-',
          'it is not vali',
        ],
      );
      await page.getByRole('button', { name: 'Remove d.bin' }).click();
      assert.equal(await page.locator('.file').count(), 5);
      assert.match((await indexButton(page).textContent()) ?? '', /Index 6 sentences/);
    }));

  test('takes what is dropped anywhere; says when it can’t be read, as a folder', () =>
    onPage('search', async (page) => {
      await drop(page, 'dropped.txt', TEXTS.join('\n'));
      await page.getByText('3 sentences', { exact: false }).first().waitFor();
      await page.evaluate(() => {
        globalThis.Blob.prototype.arrayBuffer = () =>
          Promise.reject(new globalThis.DOMException('no such file', 'NotFoundError'));
      });
      await drop(page, 'folder.txt', '');
      await page
        .locator('.faulty')
        .getByText('the browser can’t read it: is it a folder')
        .waitFor();
      assert.match((await indexButton(page).textContent()) ?? '', /Index 3 sentences/);
    }));

  test('can be cancelled, and begun again', () =>
    onPage('search', async (page) => {
      await indexButton(page).click();
      await page.locator('#progress-title', { hasText: 'Indexing' }).waitFor(SLOW);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await indexButton(page).waitFor();
      assert.ok(await page.getByRole('searchbox').isDisabled());
      await useOwnTexts(page);
      await makeIndex(page);
      await finds(page, 'a kitten', 'A cat sleeps in the sun.');
    }));

  test('can be used with the keyboard alone', () =>
    onPage('search', async (page) => {
      await useOwnTexts(page);
      await page.keyboard.press('Tab');
      while (!(await page.locator(':focus').getAttribute('id'))?.startsWith('index')) {
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Enter');
      // The button is gone while the work goes on: the one that ends it has the focus.
      await page.locator('#cancel:focus').waitFor(SLOW);
      await ready(page);
      await page.keyboard.type('a kitten');
      await page.locator('mark', { hasText: 'A cat sleeps' }).first().waitFor(SLOW);
    }));

  test('says that there is nothing to index', () =>
    onPage('search', async (page) => {
      await page.getByRole('radio', { name: /Your own/ }).check();
      assert.ok(await page.getByRole('button', { name: 'Index the texts' }).isDisabled());
    }));

  test('runs without a worker, and on other threads after a reload of its own', () =>
    onPage('search', async (page) => {
      await page.getByRole('checkbox', { name: /In a worker/ }).uncheck();
      await useOwnTexts(page);
      await makeIndex(page);
      assert.match(await used(page), /in the page itself/);
      await page.getByLabel('Threads').selectOption('1');
      await page.getByText('as env.wasm.numThreads says').waitFor(SLOW);
      await ready(page);
      assert.match(await used(page), /Model\s+onnxruntime-web \S+, 1 thread\s+as env/);
      assert.match(await used(page), /Core\s+simd build, 1 thread\s+as env.core.numThreads says/);
      await finds(page, 'a kitten', 'A cat sleeps in the sun.');
    }));

  test('takes as many threads as are asked for, in both modules', () =>
    onPage('search', async (page) => {
      await page.getByLabel('Threads').selectOption('2');
      await useOwnTexts(page);
      await makeIndex(page);
      assert.match(await used(page), /Model\s+onnxruntime-web \S+, 2 threads\s+as env.wasm/);
      assert.match(await used(page), /Core\s+threads build, 2 threads\s+as env.core/);
      await finds(page, 'a kitten', 'A cat sleeps in the sun.');
    }));

  const searchOnWebGpu = async (page) => {
    await page.getByRole('radio', { name: /WebGPU/ }).check();
    await useOwnTexts(page);
    await makeIndex(page);
    await finds(page, 'a kitten', 'A cat sleeps in the sun.');
  };

  test('says when WebGPU is not to be had, and goes on', () =>
    onPage('search', async (page) => {
      await searchOnWebGpu(page);
      assert.match(await used(page), /Device\s+WebAssembly/);
      assert.match(await used(page), /WebGPU: /);
    }));

  test('runs on WebGPU', async () => {
    const from = await launchChromium(SOFTWARE_GPU);
    const work = async (page) => {
      await searchOnWebGpu(page);
      assert.match(await used(page), /Device\s+WebGPU/);
    };
    await onPage('search', work, { from }).finally(() => from.close());
  });
});

describe('the static folder', () => {
  async function onPlainHost(path, work) {
    const plain = await serveFolder({ folder: site, path });
    await work(plain.address).finally(plain.close);
  }

  test('below a path, on a host without headers, gets threads by its service worker', () =>
    onPlainHost('/some/where/', (address) => {
      const work = async (page) => {
        await page.getByText('yes, by the service worker').waitFor(SLOW);
        await page.goto(`${address}search.html`);
        assert.ok(await page.evaluate(() => globalThis.crossOriginIsolated));
        await useOwnTexts(page);
        await makeIndex(page);
        await finds(page, 'a kitten', 'A cat sleeps in the sun.');
      };
      return onPage('system', work, { address });
    }));

  test('goes on with one thread where service workers are refused, and says so', () =>
    onPlainHost('/', (address) => {
      const work = async (page) => {
        await page.getByText(/Threads: one only, because/).waitFor();
        await useOwnTexts(page);
        await makeIndex(page);
        await finds(page, 'a kitten', 'A cat sleeps in the sun.');
        assert.match(await used(page), /THREADS_UNAVAILABLE/);
      };
      return onPage('search', work, { address, serviceWorkers: 'block' });
    }));
});

describe('every page', () => {
  const settled = (page) => page.locator('.chip, .finding').first().waitFor();
  /** What a page looks like once it has been used. */
  const PAGES = {
    index: settled,
    tokenizer: settled,
    system: settled,
    search: async (page) => {
      await useOwnTexts(page);
      await makeIndex(page);
      await finds(page, 'a kitten', 'A cat');
      await page.locator('#query-pieces .chip').first().waitFor();
    },
  };

  for (const [name, use] of Object.entries(PAGES)) {
    const work = async (page) => {
      await use(page);
      await usableByAll(page);
    };
    test(`${name}: axe finds nothing, light and dark; nothing is wider than a phone`, () =>
      onPage(name, work, PHONE));
  }

  test('keeps the chosen colours from page to page', () =>
    onPage('index', async (page) => {
      await page.getByRole('button', { name: 'Dark colours' }).click();
      await page.getByRole('link', { name: 'System', exact: true }).click();
      await page.getByRole('button', { name: 'Light colours' }).waitFor();
      assert.equal(await page.locator('html').getAttribute('data-scheme'), 'dark');
    }));
});
