import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { at, run } from '../lib/act.mjs';
import { build, buildModels } from '../lib/build_steps.mjs';
import { ensure } from '../lib/needs.mjs';
import { countsOf } from '../lib/suite.mjs';

/** The tests of a folder that Node's own runner takes. */
function nodeTests(name, purpose, folder, prepare) {
  return {
    name,
    purpose,
    async run() {
      await prepare();
      const files = readdirSync(at(folder), { recursive: true })
        .filter((file) => file.endsWith('.test.mjs') && !file.includes('node_modules'))
        .map((file) => join(at(folder), file));
      const { code, output } = await run(
        process.execPath,
        ['--test', '--test-reporter=tap', ...files],
        { capture: true, allowFailure: true },
      );
      if (code !== 0) console.log(output);
      const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
      return countsOf(code, count('pass'), count('fail') + count('cancelled'));
    },
  };
}

export const models = nodeTests(
  'models',
  'the models that the tests use, and what the scripts that make them share',
  'models',
  () => ensure(['packages']),
);
export const scripts = nodeTests(
  'scripts',
  'the acts: their help, what they check, and the quickstart over a small corpus',
  'tests/scripts',
  async () => {
    await build(['native', 'js']);
    await buildModels();
  },
);
export const demo = nodeTests(
  'demo',
  'the demo site in Chromium: its ways by real clicks, errors, accessibility',
  'tests/browser',
  async () => {
    await ensure(['browser']);
    await (await import('../lib/site.mjs')).buildSite();
  },
);
