const LONGEST = 60;

/** Controls, line ends and marks of direction: a log's line must not break or turn. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Words from outside as a message may hold them: what nobody sees stands as `\u202e`. */
export function escaped(text: string): string {
  return text.replace(UNSEEN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A name from outside as a message holds it, between quotation marks. */
export function quoted(text: string): string {
  return escaped(JSON.stringify(text));
}

/** A value as a message names it: `"text"`, `3`, `null`, `an array of 4`, `a Float32Array`. Never long, never throws. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return value.toString().length > LONGEST ? 'a very long bigint' : `${value.toString()}n`;
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    default:
      return describeObject(value as object | null);
  }
}

function describeObject(value: object | null): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === 'Object' ? 'an object' : `${/^[AEIOU]/.test(tag) ? 'an' : 'a'} ${tag}`;
}
