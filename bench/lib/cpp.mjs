/** Programs in C++ beside a scenario, built against the headers and the library that the addon has. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../scripts/lib/act.mjs';
import { platformPackage } from '../../scripts/lib/needs.mjs';
import { results } from './paths.mjs';

const shared = at('bench', 'lib', 'onnxruntime.h');

function build(scenario) {
  const source = at('bench', scenario, 'onnxruntime-cpp.cc');
  const program = join(results, scenario, 'onnxruntime-cpp');
  const isOld = (file) => statSync(program).mtimeMs < statSync(file).mtimeMs;
  if (existsSync(program) && ![source, shared].some(isOld)) return program;
  mkdirSync(join(results, scenario), { recursive: true });
  const headers = [at('build', 'include', 'onnxruntime'), at('bench', 'lib')];
  const flags = ['-std=c++20', '-O2', '-Wall', '-Wextra', '-DORT_API_MANUAL_INIT'];
  const includes = headers.map((folder) => `-I${folder}`);
  execFileSync('c++', [...flags, ...includes, source, '-o', program, '-ldl'], { stdio: 'inherit' });
  return program;
}

/**
 * Runs the program of a scenario, whose first argument is ONNX Runtime's library.
 *
 * @param {string} scenario whose onnxruntime-cpp.cc it is
 * @param {(string | number)[]} args
 * @returns {any[]} what it printed: a JSON value a line
 */
export function runCpp(scenario, args) {
  const library = join(platformPackage, 'libonnxruntime.so.1');
  const printed = execFileSync(build(scenario), [library, ...args.map(String)], {
    encoding: 'utf8',
  });
  return printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
