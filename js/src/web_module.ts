import { env } from 'onnxruntime-common';
import { describe } from './describe.js';
import { InferError } from './error.js';
import type { WarningList } from './report.js';
import { WebCopy } from './web_copy.js';
import type { Threads, Web } from './web_copy.js';
import { hasSimd, inNode, notIsolated, surroundings, threadsMissing } from './web_surroundings.js';

/** The two builds of onnxruntime-web that are used: WebAssembly alone, and WebAssembly with WebGPU and WebNN. */
export type Build = 'wasm' | 'webgpu';

/** More threads than this gain nothing in onnxruntime-web, and each costs memory. */
const MOST_THREADS = 8;

/** @throws InferError INVALID_OPTION for a number of threads that is none */
function chooseThreads(): Threads {
  const asked = env.wasm.numThreads;
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 0)) {
    throw new InferError({
      code: 'INVALID_OPTION',
      message: `expected a whole number ≥ 0 for env.wasm.numThreads, received ${describe(asked)}`,
    });
  }
  if (asked === 1) return { count: 1, reason: 'as env.wasm.numThreads says' };
  const why = threadsMissing();
  if (why !== undefined) return oneThread(why, asked);
  if (asked) return { count: asked, reason: 'as env.wasm.numThreads says' };
  if (inNode()) {
    return { reason: "onnxruntime-web's choice for this process; env.wasm.numThreads changes it" };
  }
  // Without isolation but with shared memory (a browser's flag): only who asks for threads gets them, as in onnxruntime-web.
  if (!surroundings.crossOriginIsolated) return oneThread(notIsolated(), asked);
  const cores = surroundings.navigator?.hardwareConcurrency ?? 1;
  return { count: Math.min(cores, MOST_THREADS), reason: `the machine has ${cores} cores` };
}

function oneThread(why: string, asked: number | undefined): Threads {
  const instead = asked ? `, not on the ${asked} of env.wasm.numThreads` : '';
  return {
    count: 1,
    reason: why,
    warning: {
      code: 'THREADS_UNAVAILABLE',
      message: `models run on one thread${instead}: ${why}`,
      hint: 'send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    },
  };
}

/**
 * What a copy has to be told before its first session; it holds as long as the page. The copy carries an `env` of its
 * own, to which goes what the user set in ours. (The GPU's device is chosen in web_gpu.ts.)
 */
function configure(web: Web, threads: Threads): void {
  if (web.env !== env) {
    Object.assign(web.env.wasm, env.wasm);
    const flags: Readonly<Record<string, unknown>> = { ...env.webgpu };
    for (const name of ['profiling', 'profilingMode', 'validateInputContent']) {
      if (flags[name] !== undefined) Object.assign(web.env.webgpu, { [name]: flags[name] });
    }
    if (env.logLevel !== undefined) web.env.logLevel = env.logLevel;
  }
  if (threads.count !== undefined) web.env.wasm.numThreads = threads.count;
  // Its worker would take the buffers of models and feeds away from their owners.
  web.env.wasm.proxy = false;
}

/**
 * What is about the page, each session says: its own list of warnings decides who hears it.
 *
 * @param asked the session's own wish for threads
 */
export function warnModule(
  { web, threads }: WebCopy,
  asked: number | undefined,
  warnings: WarningList,
): void {
  if (threads.warning) warnings.add(threads.warning, 'NOT_SUPPORTED');
  const count = web.env.wasm.numThreads ?? 1;
  if (asked !== undefined && asked !== count) {
    warnings.add(
      {
        code: 'OPTION_NOT_SUPPORTED',
        message: `option intraOpNumThreads has no effect: all sessions run on the same ${count} threads`,
        hint: 'env.wasm.numThreads sets them, before the first session',
      },
      'NOT_SUPPORTED',
    );
  }
  if (env.wasm.proxy) {
    warnings.add(
      {
        code: 'OPTION_NOT_SUPPORTED',
        message: 'env.wasm.proxy has no effect: sessions run on the thread that makes them',
        hint: 'worker: true moves a session into a worker',
      },
      'NOT_SUPPORTED',
    );
  }
}

/**
 * The build that the user's own files belong to: onnxruntime-web names them ort-wasm-simd-threaded[.kind].wasm.
 *
 * @throws InferError INVALID_OPTION for files of a build that is not used here
 */
export function buildOfPaths(): Build | undefined {
  const paths = env.wasm.wasmPaths;
  if (paths === undefined || typeof paths === 'string') return undefined;
  const names = [paths.wasm, paths.mjs].filter((each) => each !== undefined).map(String);
  const kinds = names.flatMap(
    (name) => /ort-wasm-simd-threaded(?:\.(asyncify|jsep|jspi))?/.exec(name) ?? [],
  );
  const [, kind] = kinds;
  if (kinds.length === 0) return undefined;
  if (kind === undefined) return 'wasm';
  if (kind === 'asyncify') return 'webgpu';
  throw new InferError({
    code: 'INVALID_OPTION',
    message: `expected files of the builds wasm or asyncify in env.wasm.wasmPaths, received ${names.join(', ')}`,
    hint: 'name the folder, or ort-wasm-simd-threaded.wasm (ort-wasm-simd-threaded.asyncify.wasm for WebGPU)',
  });
}

/** Where the page's import map has the runtime's builds; nothing where a bundler has taken them in. For workers. */
export function runtimeAddresses(): Record<string, string> {
  const addresses: Record<string, string> = {};
  for (const name of ['onnxruntime-web', 'onnxruntime-web/wasm', 'onnxruntime-web/webgpu']) {
    try {
      const address = import.meta.resolve?.(name);
      if (address !== undefined) addresses[name] = address;
    } catch {
      // It is not in the map, or there is no map.
    }
  }
  return addresses;
}

let addresses: Readonly<Record<string, string>> = {};

/** For workers, which know no import map: where the page's map has the entries of onnxruntime-web. */
export function provideAddresses(provided: Readonly<Record<string, string>>): void {
  addresses = provided;
}

/**
 * The entries of onnxruntime-web, each written out so that bundlers see it. `/wasm` is half as large as the main one
 * (14 MB against 28), and `/webgpu` takes a GPU device that is ours, so that another can follow one that was lost; the
 * main entry can do neither. They share no state: both may be loaded. Node has the main one alone; there, and in a page
 * whose import map knows no other, it is asked for by a name that bundlers don't follow.
 */
async function importBuild(build: Build): Promise<Web> {
  const main = 'onnxruntime-web';
  const address = addresses[`${main}/${build}`] ?? addresses[main];
  if (address !== undefined) {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ address)) as Web;
  }
  const importMain = () =>
    import(/* webpackIgnore: true */ /* @vite-ignore */ main) as Promise<Web>;
  if (inNode()) return importMain();
  if (build === 'webgpu') return import('onnxruntime-web/webgpu');
  return import('onnxruntime-web/wasm').catch((error: unknown) =>
    importMain().catch(() => {
      throw error;
    }),
  );
}

async function load(build: Build): Promise<WebCopy> {
  if (!hasSimd()) {
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: "expected WebAssembly with SIMD to run models, this browser's has none",
      hint: 'browsers have it since 2021 (Safari since 2023); a security setting may turn it off',
    });
  }
  const threads = chooseThreads();
  let web: Web;
  try {
    web = await importBuild(build);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new InferError(
      {
        code: 'RUNTIME_NOT_FOUND',
        message: `expected onnxruntime-web to run models with, it can't be loaded: ${reason}`,
        hint: `npm install onnxruntime-web; a page without a bundler needs onnxruntime-web/${build} in its import map`,
      },
      { cause: error },
    );
  }
  configure(web, threads);
  return new WebCopy(web, threads);
}

/** The copies of a page, each loaded when first needed. A failed load is tried again by the next session. */
export class WebCopies {
  private readonly copies = new Map<string, Promise<WebCopy>>();

  /** @throws InferError RUNTIME_NOT_FOUND; ModuleEnded for a copy that runs nothing any more */
  async load(build: Build): Promise<WebCopy> {
    const copy = await this.copy(build);
    copy.expectAlive('load the model');
    return copy;
  }

  private copy(build: Build): Promise<WebCopy> {
    const key = inNode() ? 'node' : build;
    let copy = this.copies.get(key);
    if (!copy) {
      copy = load(build).catch((error: unknown) => {
        this.copies.delete(key);
        throw error;
      });
      this.copies.set(key, copy);
    }
    return copy;
  }
}
