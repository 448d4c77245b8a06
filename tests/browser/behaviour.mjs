/** Runs the bundled behaviour suite in one page a setting, and counts. */
import { serve } from './server.mjs';

/** A page that tells nothing for so long hangs: its own limit of a test is shorter. */
const SILENCE_MS = 90_000;
/** What takes longer is named, so that somebody looks at it. */
const SLOW_MS = 10_000;
/** Lines of an error that help; the rest of its stack is the runner's. */
const MOST_LINES = 6;

/** What one page told. */
class Tally {
  passed = 0;
  failed = 0;
  /** @type {string[]} */
  skipped = [];
  running = 'the page loads';

  hear(event) {
    if (event.started) this.running = event.started;
    else if (event.state === 'failed') this.fail(event.name, event.error);
    else if (event.state === 'skipped') this.skipped.push(event.name);
    else if (event.state === 'passed') this.passed += 1;
    if (event.milliseconds > SLOW_MS) {
      console.log(`  slow    ${event.name}: ${(event.milliseconds / 1000).toFixed(1)} s`);
    }
  }

  fail(name, error) {
    this.failed += 1;
    const lines = String(error).split('\n').slice(0, MOST_LINES);
    console.log(`  FAILED  ${name}\n${lines.join('\n').replace(/^/gm, '      ')}`);
  }
}

/** Ends when the page says that it is done, and fails when it dies, throws while it loads, or hangs. */
function follow(page, tally) {
  return new Promise((resolve, reject) => {
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(new Error('the page hangs')), SILENCE_MS);
    };
    page.on('crash', () => reject(new Error('the page crashed')));
    page.on('pageerror', (error) => reject(error));
    page.exposeFunction('report', (event) => {
      alive();
      if (event.done) resolve(clearTimeout(timer));
      else tally.hear(event);
    });
    alive();
  });
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('./settings.mjs').Setting} setting
 * @returns {Promise<Tally>}
 */
export async function runSetting(browser, setting) {
  const server = await serve({ isolated: setting.isolated });
  const page = await browser.newPage();
  const tally = new Tally();
  try {
    const done = follow(page, tally);
    const query = `setting=${encodeURIComponent(JSON.stringify(setting))}`;
    await page.goto(`${server.address}tests/browser/page/empty.html?${query}`);
    await Promise.all([
      page.addScriptTag({ type: 'module', url: '/build/browser/behaviour/main.js' }),
      done,
    ]);
  } catch (error) {
    tally.fail(`${setting.name}, in: ${tally.running}`, error.stack ?? error);
  } finally {
    await page.close();
    server.close();
  }
  return tally;
}
