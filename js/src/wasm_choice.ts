import type { CoreSettings } from './core_settings.js';
import type { CoreReport } from './report.js';
import type { Warning } from './warning.js';
import { inNode, notIsolated, surroundings, threadsMissing } from './web_surroundings.js';

/** Which build of the module is loaded, and why; the warning where that is not what was asked for. */
export interface Choice {
  readonly report: CoreReport;
  readonly warning?: Warning;
}

/** Tokenizing gains little from more, and each costs the page a worker. */
const MOST_THREADS = 4;

/** Threads where the page is isolated, or where they were asked for and can be had. */
export function chooseBuild({ numThreads: asked, wasmPaths: paths }: CoreSettings): Choice {
  if (asked === 1) return simd('as env.core.numThreads says');
  const why = inNode() ? 'in Node the module has one thread' : threadsMissing();
  if (why !== undefined) return withoutThreads(why, asked);
  if (asked !== undefined) return threads(asked, 'as env.core.numThreads says');
  // A browser's flag can allow shared memory without isolation: there only who asks for threads gets them.
  if (!surroundings.crossOriginIsolated) return simd(notIsolated());
  if (typeof paths === 'object' && paths.simd && !paths.threads) {
    return simd('env.core.wasmPaths names this build alone');
  }
  const cores = surroundings.navigator?.hardwareConcurrency ?? 1;
  const machine = `the machine has ${cores} ${cores === 1 ? 'core' : 'cores'}`;
  if (cores === 1) return simd(machine);
  return threads(Math.min(cores, MOST_THREADS), `the page is cross-origin isolated, ${machine}`);
}

/** What happens instead of threads. Who asked for them is warned; who did not reads it in the report. */
export function withoutThreads(why: string, asked: number | undefined): Choice {
  const choice = simd(why);
  return asked === undefined ? choice : { ...choice, warning: warningOf(why) };
}

/** Threads that ought to have started and did not are worth a warning, whoever chose them. */
export function threadsFailed(error: unknown): Choice {
  const why = error instanceof Error ? error.message : String(error);
  return { ...simd(why), warning: warningOf(why) };
}

function warningOf(why: string): Warning {
  return {
    code: 'THREADS_UNAVAILABLE',
    message: `infercore's core runs on one thread: ${why}`,
    hint:
      'threads need Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, ' +
      'on the page and on the scripts of its workers; env.core.numThreads = 1 asks for none',
  };
}

function simd(reason: string): Choice {
  return { report: { build: 'simd', threads: 1, reason } };
}

function threads(count: number, reason: string): Choice {
  return { report: { build: 'threads', threads: count, reason } };
}
