/** What the tests of the demo site share: a server, a browser, files. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import { at } from '../../scripts/lib/act.mjs';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { site } from '../../scripts/lib/site.mjs';
import { ISOLATION, serveFolder } from '../../scripts/lib/static_server.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** The built site, for the tests of the file that calls this. */
export function demoSite() {
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
  return async function onPage(
    name,
    work,
    { address = server.address, from = browser, ...options } = {},
  ) {
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
  };
}

export const file = (name, content) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

/** Drops a file beside everything that looks as if it took files. */
export async function drop(page, name, content) {
  await dropAll(page, [[name, content]]);
}

/** @param {Page} page @param {(readonly [name: string, content: string | Uint8Array])[]} files */
export async function dropAll(page, files, where = 'h1') {
  const given = files.map(([name, content]) => [name, Buffer.from(content).toString('base64')]);
  const dataTransfer = await page.evaluateHandle((given) => {
    const transfer = new globalThis.DataTransfer();
    for (const [name, content] of given) {
      const bytes = Uint8Array.from(globalThis.atob(content), (sign) => sign.charCodeAt(0));
      transfer.items.add(new globalThis.File([bytes], name));
    }
    return transfer;
  }, given);
  await page.locator(where).dispatchEvent('drop', { dataTransfer });
}

const { resolve } = createRequire(at('demo', 'package.json'));
const axe = readFileSync(resolve('axe-core/axe.min.js'), 'utf8');

/** axe finds nothing, in both schemes, and nothing is wider than the page. @param {Page} page */
export async function usableByAll(page) {
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    assert.deepEqual(found, []);
  }
  const width = await page.evaluate(() => globalThis.document.documentElement.scrollWidth);
  assert.equal(width, page.viewportSize()?.width);
}
export const PHONE = { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' };
