/** The demo site by real clicks: its main ways, its errors, and what everybody must be able to use. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { at } from '../../scripts/lib/act.mjs';
import { launchChromium, SOFTWARE_GPU } from '../../scripts/lib/browser.mjs';
import { site } from '../../scripts/lib/site.mjs';
import { ISOLATION, serveFolder } from '../../scripts/lib/static_server.mjs';

/** @typedef {import('playwright-core').Page} Page */

const { resolve } = createRequire(at('demo', 'package.json'));
const axe = readFileSync(resolve('axe-core/axe.min.js'), 'utf8');
const TEXTS = [
  'A cat sleeps in the sun.',
  'Shares fell sharply today.',
  'It rained the whole day.',
];
/** Loading and running a model on a busy machine. */
const SLOW = { timeout: 120_000 };

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {{address: string, close: () => void}} */
let server;
before(async () => {
  browser = await launchChromium();
  server = await serveFolder({ folder: site, headers: ISOLATION });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/**
 * Opens a page of its own context and ends it afterwards; an error in the page's console fails the test.
 *
 * @param {string} name
 * @param {(page: Page) => Promise<void>} work
 */
async function onPage(name, work, { address = server.address, from = browser, ...options } = {}) {
  const context = await from.newContext(options);
  try {
    const page = await context.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(`${address}${name}.html`);
    await work(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

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
const file = (name, content) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

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
        states.map((state) => state.replace(/^\d+ B, /, '').slice(0, 14)),
        [
          '2 sentences',
          '2 sentences',
          '2 sentences',
          'expected one o',
          'expected UTF-8',
          'expected JSON:',
        ],
      );
      await page.getByRole('button', { name: 'Remove d.bin' }).click();
      assert.equal(await page.locator('.file').count(), 5);
      assert.match((await indexButton(page).textContent()) ?? '', /Index 6 sentences/);
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
      assert.match(await used(page), /Threads\s+1 /);
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

describe('tokenizer playground', () => {
  const TOKENIZER = {
    version: '1.0',
    added_tokens: [],
    normalizer: { type: 'NFKC' },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    post_processor: null,
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['[UNK]', 0],
        ['▁Hello', -1],
        ['▁whale', -1],
        ['▁', -2],
      ],
    },
  };
  const started = (page) => page.locator('#pieces .chip').first().waitFor();
  const text = (page) => page.getByLabel('Text', { exact: true });
  const choose = (page, content) =>
    page.getByLabel(/Choose a tokenizer.json/).setInputFiles(file('tokenizer.json', content));
  const kind = (page, name) => page.locator('#about dd', { hasText: name }).waitFor();

  test('shows pieces, ids and places; takes a tokenizer of the user’s own', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await text(page).fill('Hello 🐳 whale');
      await choose(page, JSON.stringify(TOKENIZER));
      await kind(page, '4 tokens');
      const rows = await page.locator('#rows tr').allInnerTexts();
      assert.deepEqual(
        rows.map((row) => row.trim().split(/\s+/)),
        [
          ['0', '1', '▁Hello', 'Hello', '0–5'],
          ['1', '3', '▁', '·', '5–6'],
          ['2', '0', '🐳', '🐳', '6–8', 'unknown'],
          ['3', '2', '▁whale', '·whale', '8–14'],
        ],
      );
      const counts = await page.locator('#counts').innerText();
      assert.match(counts, /4 tokens[^]*13 characters[^]*7\.7 % of the text unknown/);
      await page.getByRole('button', { name: 'Back to the default' }).click();
      await kind(page, '7,998 tokens');
    }));

  test('takes a tokenizer that is dropped on the page', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const dataTransfer = await page.evaluateHandle((content) => {
        const transfer = new globalThis.DataTransfer();
        transfer.items.add(new globalThis.File([content], 'dropped.json'));
        return transfer;
      }, JSON.stringify(TOKENIZER));
      await page.locator('h1').dispatchEvent('drop', { dataTransfer });
      await kind(page, 'dropped.json');
    }));

  test('shows what is wrong with a file, and goes on with the old tokenizer', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const wrong = { ...TOKENIZER, model: { type: 'Markov' } };
      await choose(page, '<!doctype html>');
      await page.getByRole('alert').filter({ hasText: 'NOT_A_TOKENIZER' }).waitFor();
      await choose(page, JSON.stringify(wrong));
      await page.getByRole('alert').filter({ hasText: 'Markov' }).waitFor();
      await page.getByRole('button', { name: 'Emoji' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await started(page);
    }));

  test('shares a text by its address', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const words = 'Ünï 🐳\nsecond line';
      await text(page).fill(words);
      const special = page.getByRole('checkbox', { name: 'Add special tokens' });
      await special.uncheck();
      await page.getByRole('button', { name: 'Copy a link' }).click();
      await page.getByText(/Copied|address bar/).waitFor();
      const link = page.url();
      await page.goto('about:blank');
      await page.goto(link);
      await started(page);
      assert.equal(await text(page).inputValue(), words);
      assert.ok(!(await special.isChecked()));
    }));
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
  const PHONE = { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' };

  for (const [name, use] of Object.entries(PAGES)) {
    const work = async (page) => {
      await use(page);
      await page.evaluate(axe);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
        assert.deepEqual(found, []);
      }
      const width = await page.evaluate(() => globalThis.document.documentElement.scrollWidth);
      assert.equal(width, PHONE.viewport.width);
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
