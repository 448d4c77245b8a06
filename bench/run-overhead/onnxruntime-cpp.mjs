import { runCpp } from '../lib/cpp.mjs';

export async function open({ model }, { threads }) {
  return {
    /** @returns {{right: boolean, ms: number[]}[]} for each size */
    measureAll(sizes) {
      const args = sizes.flatMap(({ elements, runs, samples }) => [elements, runs, samples]);
      return runCpp('run-overhead', [model, threads, ...args]);
    },
  };
}
