import { env as commonEnv } from 'onnxruntime-common';
import type { Env } from 'onnxruntime-common';
import { describe } from './describe.js';
import { checkOptions, isObject, text, whole } from './option.js';
import type { Check } from './option.js';

/** Addresses of the files of one build of the core. */
export interface BuildPaths {
  glue: string;
  wasm: string;
  /** The script of the threads. Default: infercore-threads.worker.js beside the glue. */
  worker?: string;
}

/** How many threads the library's core takes, and, for pages, where its files are. Set before the first use. */
export interface CoreSettings {
  /**
   * For a batch of texts, or a search. Omitted: one a core; in a page 4 at most, and only where it is cross-origin isolated.
   * There 1 takes the build without threads.
   */
  numThreads?: number;
  /** Address of the folder of the WebAssembly builds, or of the files of each. Default: beside the library. */
  wasmPaths?: string | { simd?: BuildPaths; threads?: BuildPaths };
  /** Address of the worker's script, `worker.js` of this package. Default: beside the library. */
  workerPath?: string;
}

const BUILDS = ['simd', 'threads'];

function hasOnly(
  value: Record<string, unknown>,
  names: readonly string[],
  test: (value: unknown) => boolean,
): boolean {
  return Object.entries(value).every(
    ([name, each]) => names.includes(name) && (each === undefined || test(each)),
  );
}

function isBuildPaths(value: unknown): boolean {
  if (!isObject(value) || !text.test(value['glue']) || !text.test(value['wasm'])) return false;
  return hasOnly(value, ['glue', 'wasm', 'worker'], text.test);
}

const CHECKS: Readonly<Record<keyof CoreSettings, Check>> = {
  numThreads: whole(1, 64),
  wasmPaths: {
    expected: 'an address, or the addresses glue and wasm for each of simd and threads,',
    test: (value) => text.test(value) || (isObject(value) && hasOnly(value, BUILDS, isBuildPaths)),
  },
  workerPath: text,
};

/** onnxruntime-common's settings, and ours as `env.core`. */
export const env = commonEnv as Env & { core: CoreSettings };
env.core ??= {};

/**
 * What the user set in `env.core`. No «did you mean» here: that is the core's, which these settings load.
 *
 * @throws InferError INVALID_OPTION with all faults
 */
export function coreSettings(): CoreSettings {
  const names = Object.keys(CHECKS);
  checkOptions('env.core', env.core, CHECKS, (given, faults) => {
    for (const name of Object.keys(given).filter((each) => !names.includes(each))) {
      faults.add(name, `unknown setting ${describe(name)}, expected ${names.join(', ')}`);
    }
  });
  return env.core;
}
