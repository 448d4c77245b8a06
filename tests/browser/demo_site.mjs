/** What the tests of the demo site share: a server, a browser, files. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
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
  const dataTransfer = await page.evaluateHandle(
    ([name, content]) => {
      const transfer = new globalThis.DataTransfer();
      transfer.items.add(new globalThis.File([content], name));
      return transfer;
    },
    [name, content],
  );
  await page.locator('h1').dispatchEvent('drop', { dataTransfer });
}
