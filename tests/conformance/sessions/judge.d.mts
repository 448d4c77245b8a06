import type { Answer } from './answers.mjs';
import type { Place } from './groups.mjs';

export function judge(
  place: Place,
  theirs: ReadonlyMap<string, Answer>,
  ours: ReadonlyMap<string, Answer>,
): Map<string, string[]>;
