import type { InferenceSession as Ort } from 'onnxruntime-common';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { suggestion } from './option.js';
import type { WarningList } from './report.js';

/** Where outputs shall stay: all of them, or each by its name. */
export type Locations = Ort.SessionOptions['preferredOutputLocation'];

/** @throws InferError INVALID_OPTION for an output that the model does not make */
export function expectOutputs(asked: Locations, names: readonly string[]): void {
  const strange = Object.keys(typeof asked === 'object' ? asked : {}).find(
    (name) => !names.includes(name),
  );
  if (strange === undefined) return;
  throw new InferError({
    code: 'INVALID_OPTION',
    message:
      `expected names of outputs in preferredOutputLocation, received ${describe(strange)}` +
      `${suggestion(strange, names)}; the model makes ${names.map(describe).join(', ')}`,
  });
}

/** Says of each place once that outputs can't stay there. */
export function warnRefused(
  places: readonly string[],
  used: readonly string[],
  hint: string,
  warnings: WarningList,
): void {
  for (const place of new Set(places)) {
    warnings.add(
      {
        code: 'OPTION_NOT_SUPPORTED',
        message: `option preferredOutputLocation has no effect for ${describe(place)}: the session runs on ${used.join(', ')}`,
        hint,
      },
      'NOT_SUPPORTED',
    );
  }
}

/** What is asked for beside `places`. */
export function refusedOf(asked: Locations, places: readonly string[]): string[] {
  const all = typeof asked === 'object' ? Object.values(asked) : asked === undefined ? [] : [asked];
  return all.filter((place) => !places.includes(place));
}
