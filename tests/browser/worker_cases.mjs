/** What the tests of workers share: each drives a page from outside, with the library and some models in its globals. */

/** @typedef {(context: {page: import('./cases.mjs').Page}) => Promise<void>} Run */

/** A list of cases, and what adds one. */
export function workerCases() {
  /** @type {import('./cases.mjs').Case[]} */
  const CASES = [];
  /** @param {string} name @param {Run} run @param {Omit<import('./cases.mjs').Case, 'name' | 'run'>} [settings] */
  const test = (name, run, settings) => {
    CASES.push({
      name,
      isolated: false,
      ...settings,
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

/** Runs `program` in each worker of ours before its own script. */
export const beforeWorkers = (page, program) =>
  page.route('**/worker.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${program})();\n${await response.text()}` });
  });

/** To be run before onnxruntime-web is loaded: then `breakRuntime` can make its module end itself. */
export const keepMemory = () => {
  globalThis.memories = [];
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor) {
      super(descriptor);
      globalThis.memories.push(this);
    }
  };
};
export const breakRuntime = () => {
  for (const { buffer } of globalThis.memories) new Uint8Array(buffer).fill(255);
};

/** Playwright hears of the end of a worker a little later than the page. */
export const noWorkers = (page) => until(() => page.workers().length === 0);
