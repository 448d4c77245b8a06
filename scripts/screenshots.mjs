import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { at, runAct, say } from './lib/act.mjs';
import { buildSite, site } from './lib/site.mjs';
import { ISOLATION, serveFolder } from './lib/static_server.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** What is done on each page before its picture is taken. */
const PAGES = {
  index: (page) => page.locator('#taste-pieces .chip').first().waitFor(),
  search: async (page) => {
    await page.getByRole('button', { name: /^Index / }).click();
    await page.getByRole('searchbox').and(page.locator(':enabled')).waitFor({ timeout: 120_000 });
    await page.getByRole('searchbox').fill('The weather was terrible.');
    await page.locator('.hit').first().waitFor();
    await page.locator('#query-pieces .chip').first().waitFor();
  },
  tokenizer: (page) => page.locator('#pieces .chip').first().waitFor(),
  system: (page) => page.locator('.finding').first().waitFor(),
};
/** Tall enough for what was really used. */
const README = { width: 1280, height: 1240 };
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

await runAct(
  {
    name: 'screenshots',
    purpose:
      "Builds the demo site, goes through its pages in Chromium, and takes the README's pictures of them (docs/images).",
    options: {
      all: {
        type: 'boolean',
        help: 'instead: every page, wide and as on a phone, light and dark (build/screenshots)',
      },
    },
  },
  async ({ all = false }) => {
    await buildSite();
    const { launchChromium } = await import('./lib/browser.mjs');
    const { address, close } = await serveFolder({ folder: site, headers: ISOLATION });
    const browser = await launchChromium();
    try {
      if (all) await takeAll(browser, address);
      else await takeForReadme(browser, address);
    } finally {
      await browser.close();
      close();
    }
  },
);

async function takeAll(browser, address) {
  const folder = at('build', 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(PAGES)) {
    for (const size of Object.keys(SIZES)) {
      const page = await open(browser, address, name, SIZES[size], 'light');
      for (const scheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.screenshot({
          path: join(folder, `${name}-${size}-${scheme}.png`),
          fullPage: true,
        });
      }
      await page.close();
    }
  }
  say('build/screenshots');
}

async function takeForReadme(browser, address) {
  const folder = at('docs', 'images');
  mkdirSync(folder, { recursive: true });
  for (const name of ['search', 'tokenizer', 'system']) {
    const page = await open(browser, address, name, README, 'light');
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.close();
    say(`docs/images/${name}.png`);
  }
}

/** @returns {Promise<Page>} */
async function open(browser, address, name, viewport, colorScheme) {
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
  await page.goto(`${address}${name}.html`);
  await PAGES[name](page);
  await page.locator(':focus').evaluateAll(([element]) => element?.blur());
  return page;
}
