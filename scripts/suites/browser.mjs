import { at } from '../lib/act.mjs';
import { build, buildModels } from '../lib/build_steps.mjs';
import { ensure } from '../lib/needs.mjs';

/** @type {import('../lib/suite.mjs').Suite} */
export default {
  name: 'browser',
  purpose: 'the same behaviour in Chromium, in several settings',
  async run() {
    await build(['wasm-simd', 'wasm-threads', 'js', 'types']);
    await buildModels();
    await ensure(['browser']);
    const { runInBrowser } = await import(at('tests', 'browser', 'run.mjs'));
    return runInBrowser();
  },
};
