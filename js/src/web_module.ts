import { env } from 'onnxruntime-common';
import type * as OnnxRuntimeWeb from 'onnxruntime-web';
import { InferError } from './error.js';
import type { WarningList } from './report.js';
import { inNode, surroundings } from './web_surroundings.js';

export type Web = typeof OnnxRuntimeWeb;

/** More threads than this gain nothing in onnxruntime-web, and each costs memory. */
const MOST_THREADS = 8;

/**
 * What the runtime has to be told before its first session; it holds for the whole page. Where onnxruntime-web carries
 * a copy of `env` of its own, what the user set in ours is handed over. Answers who decided about the threads.
 */
export function configure(web: Web): string {
  const asked = env.wasm.numThreads;
  if (web.env !== env) {
    Object.assign(web.env.wasm, env.wasm);
    Object.assign(web.env.webgpu, env.webgpu);
    if (env.logLevel !== undefined) web.env.logLevel = env.logLevel;
  }
  if (asked) return 'as env.wasm.numThreads says';
  if (inNode()) return "onnxruntime-web's choice for this process; env.wasm.numThreads changes it";
  if (!surroundings.crossOriginIsolated) return 'the page is not cross-origin isolated';
  const cores = surroundings.navigator?.hardwareConcurrency ?? 1;
  web.env.wasm.numThreads = Math.min(cores, MOST_THREADS);
  return `the machine has ${cores} cores`;
}

export async function importWeb(): Promise<Web> {
  try {
    return await import('onnxruntime-web');
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new InferError(
      {
        code: 'RUNTIME_NOT_FOUND',
        message: `expected onnxruntime-web to run models with, it can't be loaded: ${reason}`,
        hint: 'npm install onnxruntime-web',
      },
      { cause: error },
    );
  }
}

export function warnThreads(warnings: WarningList): void {
  if (inNode() || surroundings.crossOriginIsolated) return;
  warnings.add(
    {
      code: 'THREADS_UNAVAILABLE',
      message: 'models run on one thread: the page is not cross-origin isolated',
      hint: 'send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    },
    'NOT_SUPPORTED',
  );
}
