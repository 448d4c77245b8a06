import { ActError, runAct } from './lib/act.mjs';
import { allNeeds, ensure } from './lib/needs.mjs';
import browser from './suites/browser.mjs';
import core from './suites/core.mjs';
import fuzz from './suites/fuzz.mjs';
import { native, wasm } from './suites/js.mjs';
import { models, pages, scripts, servers } from './suites/node_tests.mjs';
import lint from './suites/rules.mjs';

/** @type {import('./lib/suite.mjs').Suite[]} */
const suites = [core, native, wasm, browser, pages, servers, models, scripts, fuzz, lint];
const names = suites.map((suite) => suite.name);

await runAct(
  {
    name: 'test',
    purpose:
      'Sets up what is missing, builds what changed, and runs every suite:\n' +
      suites.map((suite) => `  ${suite.name.padEnd(8)} ${suite.purpose}`).join('\n'),
    options: { only: { type: 'string', help: `a comma-separated part of: ${names.join(', ')}` } },
  },
  async ({ only }) => {
    const chosen = only ? only.split(',') : names;
    const unknown = chosen.filter((name) => !names.includes(name));
    if (unknown.length)
      throw new ActError(`unknown suite ${unknown.join(', ')}; there are: ${names.join(', ')}`, 2);

    // Everything at once: who has to install tools by hand is told so once.
    if (!only) await ensure(allNeeds);
    const rows = [];
    for (const suite of suites.filter(({ name }) => chosen.includes(name))) {
      console.log(`\n── ${suite.name}: ${suite.purpose}`);
      rows.push({ name: suite.name, ...(await countsOf(suite)) });
    }
    console.log('');
    for (const { name, passed, failed } of rows) {
      const note = passed + failed === 0 ? '  ← ran nothing' : '';
      console.log(`  ${name.padEnd(8)} ${passed} passed, ${failed} failed${note}`);
    }
    const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
    if (sum('failed') > 0 || rows.some((row) => row.passed + row.failed === 0))
      process.exitCode = 1;
    console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  },
);

/** A suite that can't even be built is a failure of its own; the others still run. */
async function countsOf(suite) {
  try {
    return await suite.run();
  } catch (error) {
    if (!(error instanceof ActError) || error.exitCode === 2) throw error;
    console.error(`${suite.name}: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}
