import type { CoreBinding } from './binding.js';
import { InferError } from './error.js';
import { localFiles } from './files.js';

/**
 * The functions of CoreBinding, all of them (the compiler sees to that): an instance of the module has many more, which
 * are Emscripten's own.
 */
const OFFERED: Readonly<Record<keyof CoreBinding, true>> = {
  summarize: true,
  compareSamples: true,
  search: true,
  checkModelBytes: true,
  validateFeeds: true,
  nearestName: true,
  loadTokenizer: true,
  loadDense: true,
  createBatchJob: true,
};

/** What the compiler's glue offers: makes an instance from the bytes, or fetches them from beside itself. */
type CreateModule = (options: {
  wasmBinary?: Uint8Array;
  locateFile?: () => string;
}) => Promise<CoreBinding>;

export interface WasmOptions {
  /** The bytes of infercore-simd.wasm, where they can't be fetched from beside this file. */
  readonly bytes?: Uint8Array;
}

/**
 * Loads the WebAssembly module that lies beside this file: its glue, an ES module, and its bytes.
 *
 * @throws InferError RUNTIME_NOT_FOUND when either isn't there or doesn't run here
 */
export async function loadWasmCore(options: WasmOptions = {}): Promise<CoreBinding> {
  // Written out, so that bundlers see the two files and take them along.
  const glue = new URL('./wasm/infercore-simd.mjs', import.meta.url);
  const wasm = new URL('./wasm/infercore-simd.wasm', import.meta.url);
  try {
    const { default: create } = (await import(
      /* webpackIgnore: true */ /* @vite-ignore */ glue.href
    )) as { default: CreateModule };
    const bytes = options.bytes ?? (await localBytes(wasm));
    // A bundler may have given the file another name than the one that its glue knows.
    const from = bytes ? { wasmBinary: bytes } : { locateFile: () => wasm.href };
    return bindingOf(await create(from));
  } catch (error) {
    throw new InferError(
      {
        code: 'RUNTIME_NOT_FOUND',
        message: `expected infercore's WebAssembly module at ${wasm.href}: ${String(error)}`,
        hint:
          'both files of the wasm folder must be served beside the library, the .wasm file as application/wasm; ' +
          'it needs WebAssembly with SIMD and exceptions (browsers since 2023, Node since 17)',
      },
      { cause: error },
    );
  }
}

/** Node can't fetch a file: there the bytes are read. */
async function localBytes(url: URL): Promise<Uint8Array | undefined> {
  const files = url.protocol === 'file:' ? localFiles() : undefined;
  // On Windows the path of file:///C:/… starts at its second character.
  return files?.readFile(decodeURIComponent(url.pathname).replace(/^\/(?=[A-Za-z]:)/, ''));
}

/** Only what CoreBinding declares, so that the rest of the module isn't used by mistake. */
function bindingOf(module: CoreBinding): CoreBinding {
  const names = Object.keys(OFFERED) as (keyof CoreBinding)[];
  const missing = names.filter((name) => !(name in module));
  if (missing.length) {
    throw new Error(`it lacks ${missing.join(', ')}: the files come from different versions`);
  }
  const entries = names.map((name) => [name, module[name].bind(module)] as const);
  return Object.fromEntries(entries) as unknown as CoreBinding;
}
