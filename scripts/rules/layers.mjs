/** The rooms of the house: what a folder's files may include. Answers a list of faults. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { at } from '../lib/act.mjs';

const ANY_BINDING = /^(napi|node_api|js_native_api|emscripten|onnxruntime|native\/|wasm\/)/;

/** @type {{folder: string, files: RegExp, forbidden: RegExp, why: string}[]} */
const ROOMS = [
  {
    folder: 'core',
    files: /\.(cc|h)$/,
    forbidden: ANY_BINDING,
    why: 'the core knows no binding and no runtime',
  },
  {
    folder: 'core',
    files: /\.(cc|h)$/,
    forbidden: /^(iostream|fstream|filesystem|future|sys\/|unistd\.h)/,
    why: 'the core does no input or output',
  },
  {
    folder: 'core',
    files: /(?<!core\/src\/parallel)\.(cc|h)$/,
    forbidden: /^thread/,
    why: 'the core has threads by parallel.h alone, where the caller gives them',
  },
  {
    folder: 'native',
    files: /\.(cc|h)$/,
    forbidden: /^(emscripten|wasm\/)/,
    why: 'the addon knows no WebAssembly',
  },
  {
    folder: 'wasm',
    files: /\.(cc|h)$/,
    forbidden: /^(napi|node_api|onnxruntime|native\/|dlfcn)/,
    why: 'the module knows no Node-API and no ONNX Runtime',
  },
];

const INCLUDE = /^\s*#\s*include\s*[<"]([^>"]+)[>"]/;

function filesOf(folder, pattern) {
  return readdirSync(at(folder), { recursive: true })
    .map((name) => join(at(folder), String(name)))
    .filter((path) => pattern.test(path));
}

/** Writing into memory (snprintf) is no output; these are. */
const OUTPUT = /\b(printf|fprintf|puts|fputs|putchar|fopen|fwrite|fread)\s*\(/;

/** The lines of core/ that print or touch files. */
function outputFaults() {
  return filesOf('core', /\.(cc|h)$/).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        OUTPUT.test(line)
          ? [`${relative(at(), path)}:${index + 1} does input or output: ${line.trim()}`]
          : [],
      ),
  );
}

/** What only some modules of js/ may import, or name for a later import. */
const DOORS = [
  {
    named: /^node:/,
    modules:
      /^(files|node_core|native_core|native_runtime|usable_cores|bench\/node_\w+|cli\/\w+)\.ts$/,
    why: 'a page has none of Node’s modules; files.ts offers what both need',
  },
  {
    named: /^@infercore\/(?!default-model)|\.node$/,
    modules: /^native_core\.ts$/,
    why: 'the addon is known through NativeBinding alone',
  },
  {
    named: /^\.\/wasm\//,
    modules: /^wasm_core\.ts$/,
    why: 'the WebAssembly module is known through CoreBinding alone',
  },
  {
    named: /^onnxruntime-web/,
    modules: /^web_\w+\.ts$/,
    why: 'runtimes are known through the interface Runtime alone',
  },
];

/** Imports and exports that stay when types are gone, by their lines. */
const IMPORT = /^\s*(?:import|export)\s+(?!type\b)(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
/** Any text that could become an import: createRequire, import(), new URL. */
const TEXT = /['"`]([^'"`\s]+)['"`]/g;
const COMMENT = /\/\*[^]*?\*\/|^\s*\/\/.*$/gm;

function modulesOf(folder) {
  return filesOf(folder, /(?<!\.d)\.ts$/).map((path) => ({
    name: relative(at(folder), path),
    source: readFileSync(path, 'utf8').replace(COMMENT, ''),
  }));
}

/** What a page's entry reaches, import by import; of each module the one that wanted it. */
function reachOf(entry, modules) {
  const reached = new Map([[entry, '']]);
  for (const name of reached.keys()) {
    const { source } = modules.find((module) => module.name === name) ?? { source: '' };
    for (const [, wanted] of source.matchAll(IMPORT)) {
      const next = wanted.startsWith('.')
        ? join(dirname(name), wanted).replace(/js$/, 'ts')
        : wanted;
      if (!reached.has(next)) reached.set(next, name);
    }
  }
  return reached;
}

/** js/ knows its two targets through CoreBinding and Runtime alone, and what pages load has nothing of Node's. */
function scriptFaults() {
  const modules = modulesOf('js/src');
  const doors = modules.flatMap(({ name, source }) =>
    DOORS.filter((door) => !door.modules.test(name)).flatMap(({ named, why }) =>
      [...source.matchAll(TEXT)]
        .filter(([, text]) => named.test(text))
        .map(([, text]) => `js/src/${name} names ${text}: ${why}`),
    ),
  );
  const pages = modules
    .filter(({ name }) => /^(browser|worker)/.test(basename(name)))
    .flatMap(({ name }) =>
      [...reachOf(name, modules)]
        .filter(([reached]) => /^(bench\/)?(node|native)[_:]|^usable_cores|^cli\//.test(reached))
        .map(
          ([reached, by]) =>
            `js/src/${name} reaches ${reached} by js/src/${by}: a page has no Node`,
        ),
    );
  return [...doors, ...pages];
}

/** @returns {string[]} */
export function checkLayers() {
  const faults = [...outputFaults(), ...scriptFaults()];
  for (const { folder, files, forbidden, why } of ROOMS) {
    for (const path of filesOf(folder, files)) {
      readFileSync(path, 'utf8')
        .split('\n')
        .forEach((line, index) => {
          const included = INCLUDE.exec(line)?.[1];
          if (included && forbidden.test(included)) {
            faults.push(`${relative(at(), path)}:${index + 1} includes ${included}: ${why}`);
          }
        });
    }
  }
  return faults;
}
