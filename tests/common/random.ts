/** Numbers from 0 to 1 of a seeded generator (Numerical Recipes' constants): the same on both targets and in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
