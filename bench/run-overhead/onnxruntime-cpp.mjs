/** The program beside this file, built against the headers and the library that the addon has. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at } from '../../scripts/lib/act.mjs';
import { platformPackage } from '../../scripts/lib/needs.mjs';

const source = at('bench', 'run-overhead', 'onnxruntime-cpp.cc');
const program = at('build', 'bench', 'onnxruntime-cpp');

function build() {
  if (existsSync(program) && statSync(program).mtimeMs > statSync(source).mtimeMs) return;
  mkdirSync(dirname(program), { recursive: true });
  const headers = at('build', 'include', 'onnxruntime');
  const flags = ['-std=c++20', '-O2', '-DORT_API_MANUAL_INIT', `-I${headers}`];
  execFileSync('c++', [...flags, source, '-o', program, '-ldl'], { stdio: 'inherit' });
}

export async function open({ model }, { threads }) {
  build();
  const library = join(platformPackage, 'libonnxruntime.so.1');
  return {
    /** @returns {{right: boolean, ms: number[]}[]} for each size */
    measureAll(sizes) {
      const args = sizes.flatMap(({ elements, runs, samples }) => [elements, runs, samples]);
      const all = [library, model, threads, ...args].map(String);
      const lines = execFileSync(program, all, { encoding: 'utf8' }).trim().split('\n');
      return lines.map((line) => JSON.parse(line));
    },
  };
}
