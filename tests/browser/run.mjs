/** Everything that is tested in Chromium: one browser, one page a setting. */
import { SOFTWARE_GPU, launchChromium } from '../../scripts/lib/browser.mjs';
import { runSetting } from './behaviour.mjs';
import { bundleBehaviour } from './bundle.mjs';
import { OTHER_HOST_HERE, runCases } from './cases.mjs';
import { SETTINGS } from './settings.mjs';

/** What needs a page of its own, by file. */
const CASES = [
  'session_devices',
  'session_settings',
  'session_sources',
  'worker_results',
  'worker_ends',
  'worker_start',
  'worker_places',
];

/** @returns {Promise<import('../../scripts/lib/suite.mjs').Counts>} */
export async function runInBrowser() {
  const sum = { passed: 0, failed: 0 };
  await bundleBehaviour();
  const browser = await launchChromium([...SOFTWARE_GPU, OTHER_HOST_HERE]);
  const skipped = new Map();
  try {
    for (const setting of SETTINGS) {
      const start = Date.now();
      const counts = await runSetting(browser, setting);
      const seconds = ((Date.now() - start) / 1000).toFixed(1);
      const { passed, failed } = counts;
      console.log(
        `  ${setting.name.padEnd(12)} ${passed} passed, ${failed} failed, ` +
          `${counts.skipped.length} skipped, ${seconds} s (${setting.purpose})`,
      );
      for (const name of counts.skipped) {
        skipped.set(name, [...(skipped.get(name) ?? []), setting.name]);
      }
      sum.passed += passed;
      // A setting in which nothing ran has failed.
      sum.failed += passed + failed === 0 ? 1 : failed;
    }
    for (const file of CASES) {
      const { CASES: cases } = await import(`./${file}.mjs`);
      const { passed, failed } = await runCases(browser, cases);
      console.log(`  ${file.padEnd(16)} ${passed} passed, ${failed} failed`);
      sum.passed += passed;
      sum.failed += failed;
    }
  } finally {
    await browser.close();
  }
  for (const [name, settings] of skipped) {
    const where = settings.length === SETTINGS.length ? 'everywhere' : settings.join(', ');
    console.log(`  skipped ${where}: ${name}`);
  }
  return sum;
}
