import type { Place } from './groups.mjs';

export type Answer = object;
export function answersOf(library: string, place: Place): Promise<Map<string, Answer>>;
