import type { AddedTokenData } from './binding.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import { expectKnown, isObject } from './option.js';

/** A token on top of the model's vocabulary: found in a text before anything else happens to it, and never cut. */
export interface AddedToken {
  content: string;
  /** Left out by `decode` unless asked for. Default false. */
  special?: boolean;
  /** Takes the white space on its left along. Default false. */
  lstrip?: boolean;
  /** Takes the white space on its right along. Default false. */
  rstrip?: boolean;
  /** Only where no character of a word touches it. Default false. */
  singleWord?: boolean;
  /** Its normal form is looked for, in the normalised text. Default: not for special ones. */
  normalized?: boolean;
}

const FLAGS = ['special', 'lstrip', 'rstrip', 'singleWord', 'normalized'] as const;

/** @throws InferError INVALID_INPUT with all faults (up to a hundred) */
export function expectAddedTokens(tokens: unknown): AddedTokenData[] {
  const faults = new Faults('INVALID_INPUT');
  const list: AddedTokenData[] = [];
  if (!Array.isArray(tokens)) {
    faults.add('tokens', `expected an array for tokens, received ${describe(tokens)}`);
  } else {
    for (let i = 0; i < tokens.length && !faults.full; ++i) {
      list.push(added(tokens[i], `tokens[${i}]`, faults));
    }
  }
  if (faults.list.length > 0) {
    throw new InferError(failureOf("the tokens can't be added", faults.list));
  }
  return list;
}

function added(token: unknown, path: string, faults: Faults): AddedTokenData {
  const given: Record<string, unknown> = isObject(token) ? token : { content: token };
  const { content } = given;
  if (typeof content !== 'string') {
    const wanted = isObject(token) ? 'a string' : 'a string or { content, … }';
    const at = isObject(token) ? `${path}.content` : path;
    faults.add(at, `expected ${wanted} for ${at}, received ${describe(content)}`);
  }
  expectKnown(`${path}.`, Object.keys(given), ['content', ...FLAGS], faults);
  for (const name of FLAGS) {
    const value = given[name];
    if (value === undefined || typeof value === 'boolean') continue;
    const at = `${path}.${name}`;
    faults.add(at, `expected true or false for ${at}, received ${describe(value)}`);
  }
  const special = given['special'] === true;
  return {
    content: typeof content === 'string' ? content : '',
    special,
    lstrip: given['lstrip'] === true,
    rstrip: given['rstrip'] === true,
    singleWord: given['singleWord'] === true,
    normalized: given['normalized'] === undefined ? !special : given['normalized'] === true,
  };
}
