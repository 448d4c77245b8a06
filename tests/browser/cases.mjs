/**
 * Cases that need a page of their own: each gets a fresh one, in a browser with WebGPU drawn by SwiftShader.
 *
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./server.mjs').TestServer} TestServer
 * @typedef {object} Case
 * @property {string} name
 * @property {boolean} [isolated] send the headers that threads need; default: true
 * @property {Record<string, string>} [headers] send these, too
 * @property {boolean} [insecure] the page comes over http from a name that is not this machine's
 * @property {() => void} [before] runs in the page before anything else: takes away what this browser has
 * @property {(page: Page, server: TestServer) => Promise<void>} run
 */
import { serve } from './server.mjs';

const LIMIT_MS = 120_000;
/** For a page that browsers do not trust. */
const OTHER_HOST = 'infercore.test';
export const OTHER_HOST_HERE = `--host-resolver-rules=MAP ${OTHER_HOST} 127.0.0.1`;
/** What takes longer is named, so that somebody looks at it. */
const SLOW_MS = 10_000;

/**
 * @param {import('playwright-core').Browser} browser
 * @param {readonly Case[]} cases
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runCases(browser, cases) {
  const counts = { passed: 0, failed: 0 };
  for (const each of cases) {
    const start = Date.now();
    const error = await runCase(browser, each).then(
      () => undefined,
      (reason) => reason,
    );
    counts[error ? 'failed' : 'passed'] += 1;
    const milliseconds = Date.now() - start;
    if (milliseconds > SLOW_MS) {
      console.log(`  slow    ${each.name}: ${(milliseconds / 1000).toFixed(1)} s`);
    }
    if (error)
      console.log(
        `  FAILED  ${each.name}\n${String(error.stack ?? error).replace(/^/gm, '      ')}`,
      );
  }
  return counts;
}

async function runCase(browser, { isolated = true, headers, insecure, before, run }) {
  const server = await serve({ isolated, headers });
  const address = insecure ? server.address.replace('localhost', OTHER_HOST) : server.address;
  const page = await browser.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('the page hangs')), LIMIT_MS);
  });
  try {
    if (before) await page.addInitScript(before);
    await page.goto(`${address}tests/browser/page/empty.html`);
    await Promise.race([run(page, server), late]);
  } finally {
    clearTimeout(timer);
    await page.close();
    server.close();
  }
}
