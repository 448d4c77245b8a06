/** TypeScript to the files of dist/: an ECMAScript and a CommonJS build for Node, an ECMAScript one for pages. */
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { at } from './act.mjs';

const common = {
  absWorkingDir: at(),
  bundle: true,
  sourcemap: true,
  target: 'es2022',
  logLevel: 'warning',
  // Shared with the user's program, or loaded by path at run time: never copied into the bundle.
  external: [
    'onnxruntime-common',
    'onnxruntime-web',
    'onnxruntime-web/*',
    '@infercore/*',
    './wasm/*',
  ],
};

export async function bundle() {
  await build({
    ...common,
    entryPoints: { node: 'js/src/node.ts', cli: 'js/src/cli/main.ts' },
    outdir: 'dist/esm',
    platform: 'node',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // The argument parser is CommonJS and asks for Node's modules by require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  await build({
    ...common,
    entryPoints: { node: 'js/src/node.ts' },
    outdir: 'dist/cjs',
    platform: 'node',
    format: 'cjs',
    // CommonJS has no import.meta: its address is made from __filename.
    define: { 'import.meta.url': '__moduleUrl' },
    banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  writeFileSync(at('dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
  await build({
    ...common,
    entryPoints: { browser: 'js/src/browser.ts' },
    outdir: 'dist/esm',
    platform: 'browser',
    format: 'esm',
  });
}
