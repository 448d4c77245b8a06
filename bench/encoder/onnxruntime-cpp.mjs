import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCpp } from '../lib/cpp.mjs';
import { results } from '../lib/paths.mjs';

export async function open({ model, ids }, { spinning = false, threads }) {
  const folder = join(results, 'encoder');
  mkdirSync(folder, { recursive: true });
  const idsFile = join(folder, 'ids.bin');
  const outputsFile = join(folder, 'outputs.bin');
  writeFileSync(idsFile, ids);
  const run = (count, outputs, shapes) => {
    const args = shapes.flatMap(({ rows, length, warmups, runs }) => [rows, length, warmups, runs]);
    return runCpp('encoder', [model, count, spinning ? 1 : 0, idsFile, outputs, ...args]);
  };
  return {
    threads,
    /** @returns {number[][]} milliseconds of each run, for each shape */
    measureAll: (count, shapes) => run(count, '-', shapes),
    /** @returns {Float32Array} the outputs of all shapes, one after the other */
    outputsOf(count, shapes) {
      run(count, outputsFile, shapes);
      return new Float32Array(Uint8Array.from(readFileSync(outputsFile)).buffer);
    },
  };
}
