/** Everything that is tested in Chromium: one browser, one page a setting. */
import { SOFTWARE_GPU, launchChromium } from '../../scripts/lib/browser.mjs';
import { runSetting } from './behaviour.mjs';
import { bundleBehaviour } from './bundle.mjs';
import { SETTINGS } from './settings.mjs';

/** @returns {Promise<import('../../scripts/lib/suite.mjs').Counts>} */
export async function runInBrowser() {
  const sum = { passed: 0, failed: 0 };
  await bundleBehaviour();
  const browser = await launchChromium(SOFTWARE_GPU);
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
  } finally {
    await browser.close();
  }
  for (const [name, settings] of skipped) {
    const where = settings.length === SETTINGS.length ? 'everywhere' : settings.join(', ');
    console.log(`  skipped ${where}: ${name}`);
  }
  return sum;
}
