import type { CoreBinding } from './binding.js';
import type { LoadedCore } from './core.js';
import { coreSettings } from './core_settings.js';
import type { BuildPaths, CoreSettings } from './core_settings.js';
import { InferError } from './error.js';
import { chooseBuild, threadsFailed } from './wasm_choice.js';
import type { Choice } from './wasm_choice.js';
import { instantiate } from './wasm_module.js';
import type { ModuleFiles } from './wasm_module.js';
import { surroundings } from './web_surroundings.js';

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

/**
 * Loads the WebAssembly module, the build with threads where it can be had (wasm_choice.ts). Where threads don't start,
 * the build without them is loaded, and its report says why.
 *
 * @throws InferError RUNTIME_NOT_FOUND when the files aren't there or don't run here, LIMIT_EXCEEDED without memory for
 *   them, INVALID_OPTION for env.core
 */
export async function loadWasmCore(): Promise<LoadedCore> {
  const settings = coreSettings();
  const choice = chooseBuild(settings);
  if (choice.report.build === 'simd') return load(choice, settings);
  try {
    return await load(choice, settings);
  } catch (error) {
    return load(threadsFailed(error), settings);
  }
}

async function load(choice: Choice, settings: CoreSettings): Promise<LoadedCore> {
  const { build, threads } = choice.report;
  const files = filesOf(build === 'threads' ? 'threads' : 'simd', settings.wasmPaths);
  try {
    return { ...choice, binding: bindingOf(await instantiate(files, threads)) };
  } catch (error) {
    if (error instanceof RangeError) {
      const message = `there is not enough memory for infercore's WebAssembly module: ${error.message}`;
      throw new InferError({ code: 'LIMIT_EXCEEDED', message }, { cause: error });
    }
    throw new InferError(
      {
        code: 'RUNTIME_NOT_FOUND',
        message: `expected infercore's WebAssembly module at ${files.wasm.href}: ${String(error)}`,
        hint:
          'the files of the wasm folder must be served beside the library or where env.core.wasmPaths says, the .wasm ' +
          'file as application/wasm; it needs WebAssembly with SIMD and exceptions (browsers since 2023, Node since 17)',
      },
      { cause: error },
    );
  }
}

/** The files beside the library are written out one by one, so that bundlers see them and take them along. */
function filesOf(build: 'simd' | 'threads', paths: CoreSettings['wasmPaths']): ModuleFiles {
  if (typeof paths === 'string') {
    const folder = address(paths.endsWith('/') ? paths : `${paths}/`);
    const file = (suffix: string) => new URL(`infercore-${build}${suffix}`, folder);
    const files = { glue: file('.mjs'), wasm: file('.wasm') };
    return build === 'simd' ? files : { ...files, worker: file('.worker.js') };
  }
  if (paths?.[build]) return namedFiles(paths[build], build);
  if (build === 'simd') {
    return {
      glue: new URL('./wasm/infercore-simd.mjs', import.meta.url),
      wasm: new URL('./wasm/infercore-simd.wasm', import.meta.url),
    };
  }
  return {
    glue: new URL('./wasm/infercore-threads.mjs', import.meta.url),
    wasm: new URL('./wasm/infercore-threads.wasm', import.meta.url),
    worker: new URL('./wasm/infercore-threads.worker.js', import.meta.url),
  };
}

function namedFiles(named: BuildPaths, build: 'simd' | 'threads'): ModuleFiles {
  const files = { glue: address(named.glue), wasm: address(named.wasm) };
  if (build === 'simd') return files;
  const worker = named.worker
    ? address(named.worker)
    : new URL('infercore-threads.worker.js', files.glue);
  return { ...files, worker };
}

/** Relative ones count from the page, as everything that a page names. */
function address(path: string): URL {
  return new URL(path, surroundings.document?.baseURI ?? surroundings.location?.href);
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
