/** The examples for pages, each built as its users would and opened under a strict policy: nothing comes from elsewhere. */
import assert from 'node:assert/strict';
import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { at, run } from '../../scripts/lib/act.mjs';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { ensureNodeModules, unpackLibrary } from '../../scripts/lib/packages.mjs';
import { serve } from './server.mjs';

/** Below the bundlers' package, so that its node_modules are found, and then the root's. */
const TOOLS = at('tests', 'browser', 'bundlers');
const BUILD = join(TOOLS, 'build');
const bin = (name) => join(TOOLS, 'node_modules', '.bin', name);

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  await ensureNodeModules('tests/browser/bundlers', 'Vite and webpack, which build the examples');
  await unpackLibrary(BUILD);
  browser = await launchChromium();
});
after(() => browser?.close());

/** A copy of the example with the library as npm would install it. */
function install(name, copy = name) {
  const folder = join(BUILD, copy);
  cpSync(at('examples', name), folder, { recursive: true });
  cpSync(join(BUILD, 'package'), join(folder, 'node_modules', 'infercore'), { recursive: true });
  return folder;
}

/** Opens what was built, and waits for its answer. */
async function expectAnswer(folder, { strict, isolated, worker }) {
  const server = await serve({ folder, strict, isolated });
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !url.startsWith(server.address)) {
      faults.push(`asks for ${url}`);
    }
  });
  try {
    await page.goto(`${server.address}index.html${worker ? '' : '?worker=no'}`);
    await page.waitForFunction(
      () => globalThis.document.querySelector('output').textContent !== '…',
    );
    const answer = await page.locator('output').textContent();
    assert.deepEqual({ answer, faults }, { answer: 'It rained all day.', faults: [] });
    // Threads of an isolated page are workers, too.
    if (!isolated) assert.equal(page.workers().length, worker ? 1 : 0);
  } finally {
    await page.close();
    server.close();
  }
}

async function expectAnswers(folder, { strict }) {
  rmSync(join(folder, 'model'), { recursive: true, force: true });
  symlinkSync(at('models', 'default-model'), join(folder, 'model'));
  for (const isolated of [true, false]) {
    for (const worker of [true, false]) await expectAnswer(folder, { strict, isolated, worker });
  }
}

test('Vite, under a strict policy', async () => {
  const folder = install('bundled', 'vite');
  const tsc = at('node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '--noEmit'], { cwd: folder });
  await run(bin('vite'), ['build', '--logLevel=warn'], { cwd: folder });
  await expectAnswers(join(folder, 'dist'), { strict: true });
});

test('webpack, under a strict policy', async () => {
  const folder = install('bundled', 'webpack');
  await run(bin('webpack'), ['--stats=errors-warnings'], { cwd: folder });
  await expectAnswers(join(folder, 'dist'), { strict: true });
});

// Its import map and its program are part of the page, which a strict policy forbids.
test('a page without a bundler', async () => {
  const folder = install('page');
  for (const name of ['onnxruntime-common', 'onnxruntime-web']) {
    symlinkSync(at('node_modules', name), join(folder, 'node_modules', name));
  }
  await expectAnswers(folder, { strict: false });
});
