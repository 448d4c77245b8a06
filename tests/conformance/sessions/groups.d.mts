export type Place = 'node' | 'web' | 'page';

export const GROUPS: readonly string[];
export function programsOf(
  group: string,
  place: Place,
): [name: string, program: (ort: unknown, files: unknown) => unknown, fails: boolean][];
