import { describe } from './describe.js';
import { InferError } from './error.js';
import { Faults, failureOf } from './fault.js';

/**
 * Checks that a text is one.
 * @throws InferError INVALID_INPUT
 */
export function expectText(text: unknown, name = 'text'): asserts text is string {
  if (typeof text === 'string') return;
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected a string for ${name}, received ${describe(text)}`,
    faults: [{ path: name, code: 'INVALID_INPUT', message: `received ${describe(text)}` }],
  });
}

/**
 * Checks a list of texts, or of texts and [text, pair] where `pairs` allows them.
 * @throws InferError INVALID_INPUT that names the wrong entries (up to a hundred) by their index
 */
export function expectTexts(texts: unknown, allowPairs = false): void {
  const wanted = allowPairs ? 'a string or [string, string]' : 'a string';
  if (!Array.isArray(texts)) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected an array of strings for texts, received ${describe(texts)}`,
    });
  }
  const faults = new Faults('INVALID_INPUT');
  // By index, not by forEach: holes of a sparse array are faults too.
  for (let i = 0; i < texts.length && !faults.full; ++i) {
    const text: unknown = texts[i];
    if (typeof text === 'string' || (allowPairs && isPair(text))) continue;
    const path = `texts[${i}]`;
    faults.add(path, `expected ${wanted} for ${path}, received ${describe(text)}`);
  }
  if (faults.list.length) throw new InferError(failureOf("the texts can't be used", faults.list));
}

function isPair(value: unknown): value is [string, string] {
  return (
    Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
  );
}
