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
        // One after the other: several browsers at once would only wait for each other.
        ['--test', '--test-reporter=tap', '--test-concurrency=1', ...files],
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
export const servers = nodeTests(
  'servers',
  'the examples for back ends, as servers in processes of their own, with real requests',
  'tests/servers',
  async () => {
    await build(['native', 'wasm-simd', 'wasm-threads', 'js', 'types']);
    await buildModels();
  },
);
export const pages = nodeTests(
  'pages',
  'pages in Chromium: the demo site by real clicks, the examples as bundlers build them, sizes',
  'tests/browser',
  async () => {
    await build(['native', 'wasm-simd', 'wasm-threads', 'js', 'types']);
    await buildModels();
    await ensure(['browser']);
    await (await import('../lib/site.mjs')).buildSite();
  },
);
