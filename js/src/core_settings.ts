import { env as commonEnv } from 'onnxruntime-common';
import type { Env } from 'onnxruntime-common';
import { describe } from './describe.js';
import { checkOptions, isObject, text, whole } from './option.js';
import type { Check } from './option.js';

/** Where the library's own files are, and how many threads its core takes. For pages; set before the first use. */
export interface CoreSettings {
  /** 1 takes the build without threads. Omitted: threads where the page is cross-origin isolated. */
  numThreads?: number;
  /** Address of the folder of the WebAssembly builds, or of the two files of one. Default: beside the library. */
  wasmPaths?: string | { glue: string; wasm: string };
  /** Address of the worker's script, `worker.js` of this package. Default: beside the library. */
  workerPath?: string;
}

const CHECKS: Readonly<Record<keyof CoreSettings, Check>> = {
  numThreads: whole(1, 64),
  wasmPaths: {
    expected: 'an address or an object of two, glue and wasm,',
    test: (value) =>
      text.test(value) || (isObject(value) && text.test(value['glue']) && text.test(value['wasm'])),
  },
  workerPath: text,
};

/** onnxruntime-common's settings, and ours as `env.core`. */
export const env = commonEnv as Env & { core: CoreSettings };
env.core ??= {};

/**
 * What the user set in `env.core`.
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
