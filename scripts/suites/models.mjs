import { readdirSync } from 'node:fs';
import { at, run } from '../lib/act.mjs';
import { ensure } from '../lib/needs.mjs';
import { countsOf } from '../lib/suite.mjs';

/** @type {import('../lib/suite.mjs').Suite} */
export default {
  name: 'models',
  purpose: 'the models that the tests use, and what the scripts that make them share',
  async run() {
    await ensure(['packages']);
    const folders = readdirSync(at('models'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const files = folders.flatMap(({ name }) =>
      readdirSync(at('models', name))
        .filter((file) => file.endsWith('.test.mjs'))
        .map((file) => at('models', name, file)),
    );
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
