import type { CoreBinding } from './binding.js';

/** Loads the WebAssembly module. */
export async function loadWasmCore(): Promise<CoreBinding> {
  const url = new URL('./wasm/infercore-simd.mjs', import.meta.url);
  const { default: create } = (await import(url.href)) as { default: () => Promise<CoreBinding> };
  return create();
}
