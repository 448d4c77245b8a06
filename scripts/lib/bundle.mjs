/** TypeScript to the files of dist/: an ECMAScript and a CommonJS build, each for Node and for pages. */
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { at } from './act.mjs';

const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

/** What describes the results of benchmarks, to other programs too. */
const SCHEMA = 'bench-result.schema.json';

const common = {
  absWorkingDir: at(),
  target: 'es2022',
  logLevel: 'warning',
  define: { __VERSION__: JSON.stringify(version) },
};

/** One build of several entry points. What they share becomes a file of its own, beside them: paths count from there. */
const bundled = {
  ...common,
  bundle: true,
  format: 'esm',
  outdir: 'dist/esm',
  splitting: true,
  metafile: true,
  // Shared with the user's program, or loaded by path at run time: never copied into the bundle.
  external: ['onnxruntime-common', 'onnxruntime-web', 'onnxruntime-web/*', '@infercore/*'],
};

function entries(...names) {
  return names.map((name) => ({ in: `js/src/${name}.ts`, out: basename(name) }));
}

export async function bundle() {
  const builds = [await bundleForNode(), await bundleForPages(), await bundleForWorkers()];
  const written = builds.flatMap(({ metafile }) =>
    Object.keys(metafile.outputs).map((path) => basename(path)),
  );
  removeStale(at('dist', 'esm'), written);
  const transpiled = await transpileToCommonJs();
  await bundleForCommonJs();
  removeStale(at('dist', 'cjs'), [...transpiled, 'jinja.js', 'browser.js']);
  copyFileSync(at('js', 'src', 'bench', SCHEMA), at('dist', SCHEMA));
}

function bundleForNode() {
  return build({
    ...bundled,
    entryPoints: [
      ...entries('node', 'node_tokenizer', 'node_compat', 'node_bench'),
      { in: 'js/src/cli/main.ts', out: 'cli' },
    ],
    chunkNames: 'node-[hash]',
    platform: 'node',
    // The argument parser is CommonJS and asks for Node's modules by require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}

function bundleForPages() {
  return build({
    ...bundled,
    entryPoints: entries(
      'browser',
      'browser_tokenizer',
      'browser_compat',
      'browser_bench',
      'wasm_core',
    ),
    chunkNames: 'browser-[hash]',
    platform: 'browser',
  });
}

/** In one file: a worker knows no import map, so without a bundler it would not find onnxruntime-common. */
function bundleForWorkers() {
  return build({
    ...bundled,
    entryPoints: [{ in: 'js/src/worker_main.ts', out: 'worker' }],
    splitting: false,
    external: bundled.external.filter((name) => name !== 'onnxruntime-common'),
    platform: 'browser',
  });
}

/** File by file: CommonJS can't be split, and two bundles would hold two classes of each name. */
async function transpileToCommonJs() {
  const sources = ['.', 'bench'].flatMap((folder) =>
    readdirSync(at('js', 'src', folder))
      .filter(
        (name) => name.endsWith('.ts') && !/^(browser|page_|wasm|web|worker_|jinja)/.test(name),
      )
      .map((name) => join(folder, name)),
  );
  await build({
    ...common,
    entryPoints: sources.map((name) => `js/src/${name}`),
    outbase: 'js/src',
    outdir: 'dist/cjs',
    platform: 'node',
    format: 'cjs',
    // CommonJS has no import.meta: its address is made from __filename.
    define: { ...common.define, 'import.meta.url': '__moduleUrl' },
    banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  // With the package in it that it passes on.
  await build({
    ...common,
    entryPoints: ['js/src/jinja.ts'],
    outdir: 'dist/cjs',
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  writeFileSync(at('dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
  return sources.map((name) => name.replace(/ts$/, 'js'));
}

/**
 * The pages' build for programs that require it, in Node without the addon. A bundle of its own: sharing files with the
 * addon's build, the two would share which runtime they have.
 */
function bundleForCommonJs() {
  return build({
    ...bundled,
    entryPoints: entries('browser'),
    outdir: 'dist/cjs',
    format: 'cjs',
    splitting: false,
    platform: 'browser',
    define: {
      ...common.define,
      'import.meta.url': '__moduleUrl',
      'import.meta.resolve': 'undefined',
    },
    // The module lies beside the ECMAScript build.
    banner: {
      js: "const __moduleUrl = new URL('../esm/browser.js', require('node:url').pathToFileURL(__filename)).href;",
    },
  });
}

/** Of earlier builds: chunks are named after what is in them, sources come and go. */
function removeStale(folder, written) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (/^(bench\/)?[^/]+\.(js|map)$/.test(name) && !written.includes(name))
      rmSync(join(folder, name));
  }
}
