import type { CoreBinding } from './binding.js';

/**
 * Which target this build of the library runs on. The entry points (node.ts, browser.ts) say how its binary is loaded,
 * and it is loaded once, when first needed: importing the library costs nothing.
 */
let load: (() => Promise<CoreBinding>) | undefined;
let loading: Promise<CoreBinding> | undefined;
let loaded: CoreBinding | undefined;

/** For the entry points alone. */
export function provideCore(loader: () => Promise<CoreBinding>): void {
  load = loader;
}

/** The loaded core. A failed load is tried again by the next call. */
export function coreBinding(): Promise<CoreBinding> {
  if (!load) throw new Error('no entry point has provided the core');
  loading ??= load().then(
    (binding) => (loaded = binding),
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** The candidate nearest to a mistyped name. None until the core is loaded: what is synchronous can't wait for it. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  return loaded?.nearestName(name, candidates);
}
