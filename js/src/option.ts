/** How options are checked: each has one Check, and everything wrong with an options object is told at once. */
import { nearestName } from './core.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';

/** What an option may be. `expected` ends the sentence "expected …". */
export interface Check {
  readonly expected: string;
  readonly test: (value: unknown) => boolean;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const flag: Check = {
  expected: 'true or false',
  test: (value) => typeof value === 'boolean',
};
export const text: Check = { expected: 'a string', test: (value) => typeof value === 'string' };
export const callback: Check = {
  expected: 'a function',
  test: (value) => typeof value === 'function',
};
export const object: Check = { expected: 'an object', test: isObject };
/** By shape: an AbortSignal of another realm or of a polyfill is one, too. */
export const abortSignal: Check = {
  expected: 'an AbortSignal',
  test: (value) =>
    isObject(value) && 'aborted' in value && typeof value['addEventListener'] === 'function',
};
export const finite: Check = { expected: 'a number', test: (value) => Number.isFinite(value) };
/** `setTimeout` takes no more. */
export const milliseconds: Check = {
  expected: 'a number of milliseconds > 0 (at most 2147483647)',
  test: (value) => typeof value === 'number' && value > 0 && value <= 2147483647,
};

export function whole(min: number, max: number): Check {
  return {
    expected: `a whole number from ${min} to ${max}`,
    test: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

export function oneOf(...values: readonly unknown[]): Check {
  return {
    expected: `one of ${values.map(describe).join(', ')}`,
    test: (value) => values.includes(value),
  };
}

export function recordOf(check: Check): Check {
  return {
    expected: `an object whose values are each ${check.expected}`,
    test: (value) => isObject(value) && Object.values(value).every(check.test),
  };
}

/** ` (did you mean "…"?)`, or nothing. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const found = nearestName(name, candidates);
  return found === undefined ? '' : ` (did you mean ${describe(found)}?)`;
}

/**
 * Checks each option that is there and not undefined, and whatever `more` checks. Returns the names that no table has:
 * they are worth a warning, not an error.
 *
 * @throws InferError INVALID_OPTION with all faults
 */
export function checkOptions(
  what: string,
  options: unknown,
  checks: Readonly<Record<string, Check>>,
  more: (options: Record<string, unknown>, faults: Faults) => void,
): string[] {
  const faults = new Faults('INVALID_OPTION');
  const strangers: string[] = [];
  if (isObject(options)) {
    for (const [name, value] of Object.entries(options)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      if (!check) strangers.push(name);
      else if (value !== undefined && !check.test(value)) {
        faults.add(name, `expected ${check.expected} for ${name}, received ${describe(value)}`);
      }
    }
    more(options, faults);
  } else {
    faults.add(what, `expected an object, received ${describe(options)}`);
  }
  if (faults.list.length > 0) throw new InferError(failureOf(`invalid ${what}`, faults.list));
  return strangers;
}

/**
 * For calls whose result would silently be another one: a name that no table has is a fault too, and so is the lack of
 * a `required` one. null and undefined stand for no options.
 *
 * @throws InferError INVALID_OPTION with all faults
 */
export function expectOptions(
  what: string,
  options: unknown,
  checks: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): void {
  checkOptions(what, options ?? {}, checks, (given, faults) => {
    expectKnown('', Object.keys(given), Object.keys(checks), faults);
    for (const name of required.filter((each) => given[each] === undefined)) {
      faults.add(
        name,
        `expected ${checks[name]?.expected ?? 'a value'} for ${name}, received none`,
      );
    }
  });
}

/** Adds a fault for each name that is not known; `path` is what stands before it. */
export function expectKnown(
  path: string,
  names: readonly string[],
  known: readonly string[],
  faults: Faults,
): void {
  for (const name of names.filter((each) => !known.includes(each))) {
    const meant = suggestion(name, known);
    faults.add(
      path + name,
      `unknown option ${describe(path + name)}${meant}, expected ${known.join(', ')}`,
    );
  }
}

/** Nesting of `extra` is told by dots; ONNX Runtime's own names are three deep. */
const DEEPEST = 8;

/**
 * `{ session: { intra_op: { allow_spinning: false } } }` as `session.intra_op.allow_spinning` → `0`, the way ONNX
 * Runtime names its configuration entries. Text, numbers and booleans can be values.
 */
export function flatten(extra: unknown, faults: Faults): Record<string, string> {
  const entries: Record<string, string> = {};
  const visit = (value: unknown, path: string, depth: number): void => {
    if (typeof value === 'boolean') entries[path] = value ? '1' : '0';
    else if (typeof value === 'string' || typeof value === 'number') entries[path] = String(value);
    else if (isObject(value) && depth < DEEPEST) {
      for (const [name, inner] of Object.entries(value)) {
        visit(inner, path === '' ? name : `${path}.${name}`, depth + 1);
      }
    } else if (value !== undefined) {
      const name = path === '' ? 'extra' : `extra.${path}`;
      faults.add(
        name,
        `expected text, a number, true or false for ${name}, received ${describe(value)}`,
      );
    }
  };
  visit(extra, '', 0);
  return entries;
}
