/** What goes over the wire: the core's module, and everything that `infercore/tokenizer` loads, as bundlers minify it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { at } from '../../scripts/lib/act.mjs';

/** A page loads one of the two builds. */
const filesOf = (build, ...endings) =>
  endings.map((ending) => at('dist', 'esm', 'wasm', `infercore-${build}${ending}`));
const BUILDS = {
  simd: filesOf('simd', '.mjs', '.wasm'),
  threads: filesOf('threads', '.mjs', '.wasm', '.worker.js'),
};

function checkSize(t, files, most, before = 0) {
  let sum = before;
  for (const path of files) {
    const { length } = brotliCompressSync(readFileSync(path));
    t.diagnostic(`${basename(path)}: ${(length / 1000).toFixed(1)} kB`);
    sum += length;
  }
  t.diagnostic(`together ${(sum / 1000).toFixed(1)} kB, at most ${most / 1000} kB`);
  assert.ok(sum <= most, `${sum} bytes of brotli, expected at most ${most}`);
}

/** The entry and what it imports; not what it may import later. */
function loadedAtOnce(outputs) {
  const found = Object.keys(outputs).filter((path) =>
    outputs[path].entryPoint?.endsWith('browser_tokenizer.js'),
  );
  for (const path of found) {
    const imports = outputs[path].imports.filter(({ kind }) => kind === 'import-statement');
    for (const each of imports) if (!found.includes(each.path)) found.push(each.path);
  }
  return found;
}

test('the core is at most 500 kB', (t) => {
  for (const files of Object.values(BUILDS)) checkSize(t, files, 500_000);
});

test('infercore/tokenizer is at most 250 kB, with all that it loads', async (t) => {
  const { metafile, outputFiles } = await build({
    entryPoints: [at('dist', 'esm', 'browser_tokenizer.js')],
    absWorkingDir: at(),
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: at('build', 'browser'),
    logLevel: 'error',
  });
  const scripts = Object.keys(metafile.inputs);
  assert.deepEqual(
    scripts.filter((path) => path.includes('onnxruntime-web')),
    [],
  );
  const script = loadedAtOnce(metafile.outputs)
    .map((path) => outputFiles.find((file) => file.path === at(path)))
    .reduce((sum, file) => sum + brotliCompressSync(file.contents).length, 0);
  t.diagnostic(`the script: ${(script / 1000).toFixed(1)} kB`);
  for (const files of Object.values(BUILDS)) checkSize(t, files, 250_000, script);
});
