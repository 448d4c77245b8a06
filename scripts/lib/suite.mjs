/** What a suite of `npm test` is, and how its counts are read. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { at } from './act.mjs';

/**
 * @typedef {{passed: number, failed: number}} Counts
 * @typedef {{name: string, purpose: string, run: () => Promise<Counts>}} Suite
 */

/** Where a suite's runner leaves its report, as `build/reports/<name>.json`. */
export function reportPath(name) {
  mkdirSync(at('build', 'reports'), { recursive: true });
  return at('build', 'reports', `${name}.json`);
}

/** The report as JSON; undefined when the runner died before it wrote one. */
export function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** A runner that ended without a report, or with an error that no test shows, counts as one failure. */
export function countsOf(code, passed, failed) {
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}
