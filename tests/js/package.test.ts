import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = process.cwd();
const PROJECT = join(ROOT, 'build', 'package-test');
const PACKAGES = { '.': 'infercore', 'npm/linux-x64': 'addon', 'models/default-model': 'model' };

interface Packed {
  filename: string;
  size: number;
  files: { path: string; size: number }[];
}

const execute = promisify(execFile);
async function output(command: string, args: string[], cwd = PROJECT): Promise<string> {
  // Jest's own options are not those of the programs under test.
  const env = { ...process.env, NODE_OPTIONS: '' };
  try {
    return (await execute(command, args, { cwd, env, maxBuffer: 1e8 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
const npm = (...args: string[]) => output('npm', [...args, '--ignore-scripts', '--loglevel=error']);
const node = (...args: string[]) => output(process.execPath, args);

/** The JavaScript example of README.md. */
function example(): string {
  const code = /```js\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))?.[1];
  if (!code) throw new Error('README.md has no JavaScript example');
  return code;
}
const EXPECTED = /^It rained all day\. 0\.\d\d\n$/;

const packed = new Map<string, Packed>();

// An empty project, and the three tarballs in it: no install script runs, nothing is compiled.
beforeAll(async () => {
  rmSync(PROJECT, { recursive: true, force: true });
  mkdirSync(PROJECT, { recursive: true });
  for (const [folder, name] of Object.entries(PACKAGES)) {
    const json = await npm('pack', join(ROOT, folder), '--json');
    const [entry] = Object.values(JSON.parse(json) as Record<string, Packed>);
    if (entry) packed.set(name, entry);
  }
  writeFileSync(join(PROJECT, 'package.json'), '{ "private": true }');
  const files = [...packed.values()].map(
    ({ filename }) => `./${filename.replace(/^@|\//g, (c) => (c === '/' ? '-' : ''))}`,
  );
  await npm('install', ...files, '--no-audit', '--no-fund', '--prefer-offline');
}, 180_000);

describe('the tarballs', () => {
  test('hold what they should and nothing else', () => {
    const paths = (name: string) => packed.get(name)?.files.map(({ path }) => path) ?? [];
    expect(paths('addon').sort()).toEqual([
      'LICENSE',
      'NOTICE',
      'ThirdPartyNotices.txt',
      'infercore.node',
      'libonnxruntime.so.1',
      'package.json',
    ]);
    expect(paths('infercore')).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'NOTICE',
        'README.md',
        'dist/esm/cli.js',
        'dist/esm/worker.js',
        'dist/esm/wasm/infercore-simd.mjs',
        'dist/esm/wasm/infercore-simd.wasm',
        'dist/esm/wasm/infercore-threads.mjs',
        'dist/esm/wasm/infercore-threads.wasm',
        'dist/esm/wasm/infercore-threads.worker.js',
        'dist/cjs/package.json',
        'dist/bench-result.schema.json',
      ]),
    );
    const strange = /\.(map|cc|h|tsbuildinfo)$|(?<!\.d)\.ts$|^(js|core|native|wasm|tests|build)\//;
    expect(paths('infercore').filter((path) => strange.test(path))).toEqual([]);
    expect(paths('model')).toEqual(
      expect.arrayContaining(['LICENSE', 'NOTICE', 'onnx/model.onnx', 'tokenizer.json']),
    );
  });

  test('keep their size', () => {
    const megabytes = (name: string) => (packed.get(name)?.size ?? Infinity) / 1e6;
    console.log(
      [...packed.keys()].map((name) => `${name} ${megabytes(name).toFixed(2)} MB`).join(', '),
    );
    expect(megabytes('infercore')).toBeLessThan(2);
    expect(megabytes('addon')).toBeLessThan(20);
    expect(megabytes('model')).toBeLessThan(30);
  });
});

describe('in an empty project', () => {
  test('the example of README.md runs with import', async () => {
    writeFileSync(join(PROJECT, 'example.mjs'), example());
    expect(await node('example.mjs')).toMatch(EXPECTED);
  });

  test('the example of README.md runs with require', async () => {
    const [line = '', ...rest] = example().split('\n');
    const required = line.replace(/^import (.*) from (.*);/, 'const $1 = require($2);');
    const code = `${required}\n(async () => {\n${rest.join('\n')}\n})();\n`;
    writeFileSync(join(PROJECT, 'example.cjs'), code);
    expect(await node('example.cjs')).toMatch(EXPECTED);
  });

  test.each(['infercore/tokenizer', 'infercore/compat', 'infercore/bench', 'infercore/browser'])(
    '%s can be imported',
    async (entry) => {
      const code = `console.log(Object.keys(await import('${entry}')).includes('InferError'))`;
      expect(await node('--input-type=module', '-e', code)).toBe('true\n');
    },
  );

  test('infercore/tokenizer loads no ONNX Runtime', async () => {
    const code = `const { Tokenizer } = require('infercore/tokenizer');
      const folder = require('@infercore/default-model');
      Tokenizer.from(folder + '/tokenizer.json').then((tokenizer) => {
        const maps = require('fs').readFileSync('/proc/self/maps', 'utf8');
        console.log(tokenizer.encode('Hello world').length, maps.includes('libonnxruntime'));
      });`;
    expect(await node('-e', code)).toBe('3 false\n');
  });

  test('both entries of CommonJS share their classes', async () => {
    const code = `console.log(require('infercore').InferError === require('infercore/bench').InferError)`;
    expect(await node('-e', code)).toBe('true\n');
  });

  test('infercore/browser can be required, beside the addon too', async () => {
    const code = `const { Tokenizer, InferError } = require('infercore/browser');
      const native = require('infercore');
      const folder = require('@infercore/default-model');
      const file = folder + '/tokenizer.json';
      Promise.all([Tokenizer.from(file), native.Tokenizer.from(file)]).then(([a, b]) => {
        console.log(a.encode('Hello world').length, b.encode('Hello world').length, InferError === native.InferError);
        console.log(native.listSupportedBackends().length > 0);
      });`;
    expect(await node('-e', code)).toBe('3 3 false\ntrue\n');
  });

  test('on another platform the error says what there is, and what works there', async () => {
    const code = `Object.defineProperty(process, 'arch', { value: 'riscv64' });
      const { Tokenizer } = await import('infercore');
      await Tokenizer.from(new Uint8Array(1)).catch(({ code, hint }) => console.log(code, hint));`;
    expect(await node('--input-type=module', '-e', code)).toMatch(
      /^RUNTIME_NOT_FOUND the addon is there for @infercore\/linux-x64 alone: import infercore\/browser/,
    );
  });

  test('the command works', async () => {
    const bin = join('node_modules', '.bin', 'infercore');
    expect(await output(bin, ['similarity', 'a cat', 'a kitten'])).toMatch(/^0\.\d{3}\n$/);
  });
});

describe('types are right under strict', () => {
  const source = `import { pipeline, search, Tokenizer, InferError, InferenceSession, type EncodeOptions } from 'infercore';
import { Tokenizer as Alone } from 'infercore/tokenizer';
import { summarize, type BenchSummary } from 'infercore/bench';
import { pipeline as inPage } from 'infercore/browser';

export async function use(options: EncodeOptions): Promise<number> {
  const embed = await pipeline('feature-extraction', undefined, { executionProviders: ['cpu'] });
  const vectors = await embed(['a'], { pooling: 'mean', normalize: true });
  const { indices } = await search(vectors.data as Float32Array, vectors.data as Float32Array, { dimensions: 512, k: 1 });
  const tokenizer: Alone = await Tokenizer.from('tokenizer.json');
  const ids: Uint32Array = tokenizer.encode('a', options).ids;
  const summary: BenchSummary = await summarize(new Float64Array([1]));
  const session = await InferenceSession.create('model.onnx');
  if (session.inputNames.length === 0) throw new InferError({ code: 'INVALID_INPUT', message: 'none' });
  // @ts-expect-error a task that there is not
  await pipeline('no-task');
  const page = await inPage('feature-extraction', 'https://example.org/model');
  return indices.length + ids.length + summary.n + page.report.warnings.length;
}
`;
  test.each([
    ['NodeNext, ECMAScript module', 'use.mts', 'nodenext', 'nodenext'],
    ['NodeNext, CommonJS', 'use.cts', 'nodenext', 'nodenext'],
    ['a bundler', 'use.ts', 'esnext', 'bundler'],
  ])(
    '%s',
    async (_what, file, module, moduleResolution) => {
      writeFileSync(join(PROJECT, file), source);
      const types = join(PROJECT, 'node_modules', '@types', 'node');
      cpSync(join(ROOT, 'node_modules', '@types', 'node'), types, { recursive: true });
      const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      const flags = [
        '--ignoreConfig',
        '--strict',
        '--noEmit',
        '--target',
        'es2022',
        '--skipLibCheck',
        'false',
      ];
      const lib = ['--lib', 'es2023,esnext.disposable,dom,dom.iterable', '--types', 'node'];
      await node(
        tsc,
        ...flags,
        ...lib,
        '--module',
        module,
        '--moduleResolution',
        moduleResolution,
        file,
      );
    },
    60_000,
  );
});
