/** What differs from place to place, and how a test says that it is for one of them alone. */
import { test } from '@jest/globals';
import type { SessionOptions, Warning } from 'infercore';

declare global {
  /** Which target the suite runs on. */
  var TARGET: 'native' | 'wasm';
  /** Where it runs: set by tests/environment.cjs in Node, by tests/browser/page/behaviour.ts in a page. */
  var PLACE: {
    readonly kind: 'node' | 'page';
    /** Whether threads may share memory. */
    readonly isolated: boolean;
    /** Options of every session and pipeline where a test does not give its own. */
    readonly options: SessionOptions;
    /** The providers that a session then reports. */
    readonly used: readonly string[];
  };
}

/** `test` where the condition holds, elsewhere one that is skipped and printed with the reason. */
export function testIf(
  condition: boolean,
  reason: string,
): (name: string, work: () => Promise<void> | void) => void {
  return (name, work) => {
    if (condition) test(name, work);
    else test.skip(`${name} (${reason})`, work);
  };
}

export const testInNode = testIf(PLACE.kind === 'node', 'a page has no files');

/** Where sessions run on a GPU by default: in Chromium it is one in software, slow and correct. */
export const ON_GPU = PLACE.used.includes('webgpu');
export const testQuick = testIf(!ON_GPU, 'a GPU in software takes minutes');

/** What every session warns of here, whatever it is asked for: a page that is not isolated has no threads. */
const AMBIENT = PLACE.isolated ? [] : ['THREADS_UNAVAILABLE'];

/** The warnings that come from what the test does. */
export function besideAmbient(warnings: readonly Warning[]): Warning[] {
  return warnings.filter(({ code }) => !AMBIENT.includes(code));
}
