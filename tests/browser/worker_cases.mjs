/** What the tests of workers share: each drives a page from outside, with the library and some models in its globals. */

/** @typedef {(context: {page: import('./cases.mjs').Page}) => Promise<void>} Run */

/** A list of cases, and what adds one. */
export function workerCases() {
  /** @type {import('./cases.mjs').Case[]} */
  const CASES = [];
  /** @param {string} name @param {Run} run @param {{isolated?: boolean}} [settings] */
  const test = (name, run, { isolated = false } = {}) => {
    CASES.push({
      name,
      isolated,
      run: async (page) => {
        await page.evaluate(() => import('/tests/browser/page/library.js').then(() => undefined));
        await run({ page });
      },
    });
  };
  return { CASES, test };
}

export async function until(condition) {
  for (const start = Date.now(); Date.now() - start < 20_000;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it does not come true within 20 s');
}

/** Playwright hears of the end of a worker a little later than the page. */
export const noWorkers = (page) => until(() => page.workers().length === 0);
