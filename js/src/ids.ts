/** How token ids are checked. */
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';

const WANTED = 'a whole number from 0 to 4294967295';

/** The id as a number; undefined for what is none. */
function idOf(id: unknown): number | undefined {
  const number = typeof id === 'bigint' ? Number(id) : id;
  const good =
    typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 2 ** 32;
  return good ? number : undefined;
}

/** @throws InferError INVALID_INPUT for what is no id */
export function expectId(id: unknown): number {
  const number = idOf(id);
  if (number !== undefined) return number;
  throw new InferError({
    code: 'INVALID_INPUT',
    message: `expected ${WANTED} for id, received ${describe(id)}`,
  });
}

/** @throws InferError INVALID_INPUT for what is no list, or that names the entries (up to a hundred) which are no ids */
export function expectIds(ids: unknown, name: string): Uint32Array {
  if (Object.prototype.toString.call(ids) === '[object Uint32Array]') return ids as Uint32Array;
  if (!isIterable(ids)) throw noList(name, 'a list of ids', ids);
  const faults = new Faults('INVALID_INPUT');
  const list: number[] = [];
  for (const id of ids) {
    if (faults.full) break;
    const number = idOf(id);
    if (number !== undefined) {
      list.push(number);
      continue;
    }
    const path = `${name}[${list.length + faults.list.length}]`;
    faults.add(path, `expected ${WANTED} for ${path}, received ${describe(id)}`);
  }
  if (faults.list.length > 0) throw new InferError(failureOf("the ids can't be used", faults.list));
  return Uint32Array.from(list);
}

export function noList(name: string, expected: string, received: unknown): InferError {
  return new InferError({
    code: 'INVALID_INPUT',
    message: `expected ${expected} for ${name}, received ${describe(received)}`,
  });
}

/** A text is iterable, too, but its characters are no ids. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
