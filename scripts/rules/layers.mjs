/** The rooms of the house: what a folder's files may include. Answers a list of faults. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
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
    forbidden: /^(iostream|fstream|filesystem|thread|future|sys\/|unistd\.h)/,
    why: 'the core does no input or output and starts no threads',
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

/** @returns {string[]} */
export function checkLayers() {
  const faults = outputFaults();
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
