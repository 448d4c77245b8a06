/** The products that can be built. Each step is incremental: CMake, esbuild and tsc skip what is up to date. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { at, probe, run } from './act.mjs';
import { ensure, platformPackage } from './needs.mjs';

async function cmake(preset, target, { wrapper, env } = {}) {
  const folder = at('build', preset);
  if (!existsSync(join(folder, 'build.ninja'))) {
    const configure = ['cmake', '--preset', preset];
    const [command, ...args] = wrapper ? [wrapper, ...configure] : configure;
    await run(command, args, { capture: true, env });
  }
  await run('cmake', ['--build', folder, '--target', target], { env });
}

/** Emscripten's optimiser is a Node program that looks for acorn; npm's own copy is always beside Node. */
async function emscriptenEnv() {
  const globalModules = await probe('npm', ['root', '-g']);
  return globalModules
    ? { NODE_PATH: `${join(globalModules, 'npm', 'node_modules')}:/usr/share/nodejs` }
    : {};
}

/** By a new file: a process that has the old one mapped would crash if its bytes changed under it. */
function replaceFile(from, to) {
  copyFileSync(from, `${to}.new`);
  renameSync(`${to}.new`, to);
}

/** The linker leaves open what Node itself offers, and with it what is simply missing: loading at once tells. */
async function expectAllSymbols(addon) {
  const load = `process.dlopen({ exports: {} }, ${JSON.stringify(addon)}, os.constants.dlopen.RTLD_NOW)`;
  await run(process.execPath, ['--eval', load]);
}

/** Copies a build of the module to where the library looks for it. */
async function wasm(preset) {
  await ensure(['packages', 'compiler', 'wasm']);
  await cmake(preset, 'infercore_wasm', { wrapper: 'emcmake', env: await emscriptenEnv() });
  const built = at('build', preset, 'wasm');
  const folder = at('dist', 'esm', 'wasm');
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(built).filter((name) =>
    /^infercore-.*\.(mjs|js|wasm)$/.test(name),
  )) {
    const bytes = readFileSync(join(built, file));
    if (file.endsWith('.worker.js')) writeFileSync(join(folder, file), keptAsFile(bytes));
    else writeFileSync(join(folder, file), file.endsWith('.mjs') ? await minified(bytes) : bytes);
  }
}

/** Emscripten's glue, which keeps its long names: a quarter less over the wire. */
async function minified(script) {
  const { transform } = await import('esbuild');
  const { code } = await transform(script, { minify: true, format: 'esm', target: 'es2022' });
  return code;
}

/** Bundlers turn files of less than 4 KB into data: addresses, which no page may start as a worker. */
function keptAsFile(script) {
  const comment = '// The blanks keep bundlers from making a data: address of this file.';
  return `${comment}${' '.repeat(4096)}\n${script}`;
}

export const STEPS = {
  native: async () => {
    await ensure(['packages', 'compiler', 'runtime']);
    await cmake('native', 'infercore');
    const addon = at('build', 'native', 'native', 'infercore.node');
    await expectAllSymbols(addon);
    replaceFile(addon, join(platformPackage, 'infercore.node'));
    // The package carries what its licences ask for; npm takes only files of its own folder.
    for (const name of ['LICENSE', 'NOTICE']) copyFileSync(at(name), join(platformPackage, name));
  },
  js: async () => {
    await ensure(['packages']);
    const { bundle } = await import('./bundle.mjs');
    await bundle();
  },
  types: async () => {
    await ensure(['packages']);
    await run(process.execPath, [
      at('node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      'tsconfig.build.json',
    ]);
    copyTypesToCommonJs();
  },
  'wasm-simd': () => wasm('wasm-simd'),
  'wasm-threads': () => wasm('wasm-threads'),
};

/** The same declarations: what stands in dist/cjs beside its package.json is CommonJS to a compiler. */
function copyTypesToCommonJs() {
  for (const folder of ['.', 'bench']) {
    mkdirSync(at('dist', 'cjs', folder), { recursive: true });
    const names = readdirSync(at('dist', 'esm', folder)).filter(
      (name) => name.endsWith('.d.ts') && !/^(browser_[^cs]|page_|wasm|web)/.test(name),
    );
    for (const name of names) {
      copyFileSync(at('dist', 'esm', folder, name), at('dist', 'cjs', folder, name));
    }
  }
}

/** @param {(keyof typeof STEPS)[]} names */
export async function build(names) {
  for (const name of names) await STEPS[name]();
}

/** The core's tests and the fuzzers: one build of the core serves both. */
export async function buildCoreTests() {
  await ensure(['packages', 'compiler', 'sanitizers']);
  await cmake('native-asan', 'all');
}

/** The default model, and the small ones that tests use; both scripts leave alone what is up to date. */
export async function buildModels() {
  await ensure(['packages']);
  await run(process.execPath, [at('models', 'default-model', 'build.mjs')]);
  await run(process.execPath, [at('models', 'test-models', 'build.mjs')]);
}

export function clean() {
  for (const folder of ['native', 'native-asan', 'wasm-simd', 'wasm-threads', 'fuzz']) {
    rmSync(at('build', folder), { recursive: true, force: true });
  }
  rmSync(at('dist'), { recursive: true, force: true });
}
