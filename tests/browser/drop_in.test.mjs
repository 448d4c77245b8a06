/** The same programs on onnxruntime-web and on this library, in Chromium: see tests/conformance/sessions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { GROUPS } from '../conformance/sessions/groups.mjs';
import { judge } from '../conformance/sessions/judge.mjs';
import { serve } from './server.mjs';

/** What bundlers take for `onnxruntime-web`, and for `infercore`. */
const PEER = '/node_modules/onnxruntime-web/dist/ort.bundle.min.mjs';
const OWN = '/dist/esm/browser.js';

/** In the page: the answers of one group. */
async function answersInPage({ library, group }) {
  const { programsOf } = await import('/tests/conformance/sessions/groups.mjs');
  const { answerOf } = await import('/tests/conformance/sessions/plain.mjs');
  const path = (name) => `/build/test-models/${name}`;
  const bytes = async (name) => new Uint8Array(await (await fetch(path(name))).arrayBuffer());
  const ort = await import(library);
  const answers = [];
  for (const [name, program] of programsOf(group, 'page')) {
    answers.push([
      `${group} › ${name}`,
      await answerOf(program, ort, { path, bytes, model: bytes }),
    ]);
  }
  return answers;
}

/** Each group in a page of its own: two copies of the runtime must not share one. */
async function answersOf(browser, address, library) {
  const all = new Map();
  for (const group of GROUPS) {
    const page = await browser.newPage();
    await page.goto(`${address}tests/browser/page/empty.html`);
    const answers = await page.evaluate(answersInPage, { library, group });
    for (const [name, answer] of answers) all.set(name, answer);
    await page.close();
  }
  return all;
}

test('programs for onnxruntime-web', { timeout: 300_000 }, async (t) => {
  const browser = await launchChromium();
  const server = await serve({ isolated: true });
  let verdicts;
  try {
    const theirs = await answersOf(browser, server.address, PEER);
    verdicts = judge('page', theirs, await answersOf(browser, server.address, OWN));
  } finally {
    await browser.close();
    server.close();
  }
  for (const [name, wrong] of verdicts) {
    await t.test(name, () => assert.deepEqual(wrong, []));
  }
});
