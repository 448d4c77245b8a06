import type { CoreBinding } from './binding.js';
import { InferError } from './error.js';
import type { CoreReport } from './report.js';
import type { Warning } from './warning.js';

/** The core, and how it came to be this build of it. */
export interface LoadedCore {
  readonly binding: CoreBinding;
  readonly report: CoreReport;
  /** It is not the build that was asked for. */
  readonly warning?: Warning;
}

/**
 * Which target this build of the library runs on. The entry points (node.ts, browser.ts) say how its binary is loaded,
 * and it is loaded once, when first needed: importing the library costs nothing.
 */
let load: (() => Promise<LoadedCore>) | undefined;
let loading: Promise<LoadedCore> | undefined;
let loaded: LoadedCore | undefined;

/** How it is loaded without waiting, where that can be. */
let loadNow: (() => LoadedCore) | undefined;

/** For the entry points alone. */
export function provideCore(loader: () => Promise<LoadedCore>, now?: () => LoadedCore): void {
  load = loader;
  loadNow = now;
}

/**
 * The core for what can't wait: loaded before, or here and now.
 * @throws InferError NOT_SUPPORTED where neither can be, RUNTIME_NOT_FOUND
 */
export function coreNow(): CoreBinding {
  loaded ??= loadNow?.();
  if (!loaded) {
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: 'expected the WebAssembly module to be loaded before, this call can not wait for it',
      hint: 'importing infercore/compat waits for it; with infercore/tokenizer use Tokenizer.from',
    });
  }
  loading ??= Promise.resolve(loaded);
  return loaded.binding;
}

/** The loaded core. A failed load is tried again by the next call. */
export function loadCore(): Promise<LoadedCore> {
  if (!load) throw new Error('no entry point has provided the core');
  loading ??= load().then(
    (core) => (loaded = core),
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

export async function coreBinding(): Promise<CoreBinding> {
  return (await loadCore()).binding;
}

/** The candidate nearest to a mistyped name. None until the core is loaded: what is synchronous can't wait for it. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  return loaded?.binding.nearestName(name, candidates);
}
