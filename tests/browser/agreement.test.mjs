/** Node and Chromium: the same ids to the bit, vectors within 1e-4, for sentences of a novel and unusual texts. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/lib/act.mjs';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { checkTexts } from '../../models/default-model/check/texts.mjs';
import { serve } from './server.mjs';

const SENTENCES = 500;
const TOLERANCE = 1e-4;

let browser, server;
before(async () => {
  browser = await launchChromium();
  server = await serve({ isolated: true });
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** In Node as in a page, where it comes as text: it may use its arguments alone. */
async function compute({ library, folder, texts }) {
  const { pipeline } = await import(library);
  const embed = await pipeline('feature-extraction', folder);
  const batch = embed.tokenizer.encodeBatch(texts, { padding: false });
  const { data } = await embed(texts);
  const { target } = embed.report;
  await embed.dispose();
  return { target, ids: [...batch.ids], rows: [...batch.rows], vectors: [...data] };
}

test(`${SENTENCES} texts give the same in Node and in Chromium`, async (t) => {
  const texts = checkTexts(SENTENCES);
  const here = await compute({
    library: at('dist', 'esm', 'node.js'),
    folder: at('models', 'default-model'),
    texts,
  });
  const page = await browser.newPage();
  await page.goto(`${server.address}tests/browser/page/empty.html`);
  const there = await page.evaluate(compute, {
    library: '/dist/esm/browser.js',
    folder: '/models/default-model',
    texts,
  });
  assert.deepEqual([here.target, there.target], ['native', 'wasm']);
  assert.equal(here.vectors.length, texts.length * 512);
  assert.deepEqual(there.rows, here.rows);
  assert.deepEqual(there.ids, here.ids);
  assert.equal(there.vectors.length, here.vectors.length);
  const largest = here.vectors.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - there.vectors[i])),
    0,
  );
  t.diagnostic(`${texts.length} texts, ${here.ids.length} ids, largest difference ${largest}`);
  assert.ok(largest <= TOLERANCE, `a vector differs by ${largest}`);
});
