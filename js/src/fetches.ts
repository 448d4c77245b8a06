import type { Tensor } from 'onnxruntime-common';
import type { ValueSignature } from './binding.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import { isObject, suggestion } from './option.js';
import { NO_OPTIONS, RUN_OPTION_NAMES } from './run_options.js';
import type { RunOptions } from './run_options.js';
import { misfit, tensorTypeOf, writeInto } from './tensor.js';
import type { AnyTensor } from './tensor.js';
import { isTensorValue, toValue } from './value.js';
import type { AnyValue, OutputValue } from './value.js';

/** What onnxruntime-web tells of an output that is no tensor. */
export const NON_TENSOR = 'non-tensor';

/** Which outputs a run shall make, and the tensors that the caller brought for some of them. */
export interface Fetches {
  readonly names: readonly string[];
  readonly given: ReadonlyMap<string, Tensor>;
  /** All that the model makes, and no tensor for any. */
  readonly all: boolean;
}

export interface RunArguments {
  readonly fetches: Fetches;
  readonly options: RunOptions;
}

function isTensor(value: unknown): value is Tensor {
  return isObject(value) && 'type' in value && 'dims' in value;
}

/**
 * Options and fetches may stand in the same place: an object is fetches when it has an output's name, or when what
 * it holds can only be meant so.
 */
function isFetches(value: Record<string, unknown>, outputs: readonly string[]): boolean {
  const entries = Object.entries(value);
  return entries.some(
    ([name, each]) =>
      (each === null || isTensor(each)) &&
      (outputs.includes(name) || !RUN_OPTION_NAMES.includes(name)),
  );
}

/** Brings the forms (fetches, options?) and (options?) together. */
export function splitArguments(
  first: unknown,
  second: unknown,
  outputs: readonly string[],
): { readonly fetches: unknown; readonly options: unknown } {
  const mayBe = second === undefined && isObject(first) && !isTensor(first);
  return mayBe && !isFetches(first, outputs)
    ? { fetches: undefined, options: first }
    : { fetches: first, options: second };
}

/**
 * Tells the forms of run() apart: (feeds, options?) and (feeds, fetches, options?). Fetches are names, or an object of
 * names with null or a tensor to write into.
 *
 * @throws InferError INVALID_INPUT with all faults, NOT_SUPPORTED for an output that JavaScript has no value for
 */
export function runArguments(
  first: unknown,
  second: unknown,
  outputs: readonly ValueSignature[],
): RunArguments {
  const known = outputs.map(({ name }) => name);
  const { fetches: wanted, options: said } = splitArguments(first, second, known);
  const options = (said ?? NO_OPTIONS) as RunOptions;
  if (wanted === undefined) return { fetches: all(outputs), options };
  if (Array.isArray(wanted)) {
    return { fetches: check(wanted, NO_TENSORS, outputs), options };
  }
  if (!isObject(wanted) || isTensor(wanted)) {
    const received = isTensor(wanted) ? 'a Tensor' : describe(wanted);
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected output names, an object of outputs or options after the feeds, received ${received}`,
    });
  }
  const given = new Map<string, Tensor>();
  for (const [name, value] of Object.entries(wanted)) {
    if (isTensor(value)) given.set(name, value);
  }
  // An object has no order that its writer thinks of: the model's, as in onnxruntime.
  const asked = Object.keys(wanted).filter((name) => wanted[name] !== undefined);
  const names = [...known, ...asked].filter((name) => asked.includes(name));
  return { fetches: check(names, given, outputs), options };
}

const NO_TENSORS: ReadonlyMap<string, Tensor> = new Map();

/** What most runs ask for, by the signature of their session. */
const wholes = new WeakMap<readonly ValueSignature[], Fetches>();

function all(outputs: readonly ValueSignature[]): Fetches {
  const known = wholes.get(outputs);
  if (known) return known;
  const names = outputs.map(({ name }) => name);
  const whole = { ...check(names, NO_TENSORS, outputs), all: true };
  wholes.set(outputs, whole);
  return whole;
}

function check(
  names: readonly unknown[],
  given: ReadonlyMap<string, Tensor>,
  outputs: readonly ValueSignature[],
): Fetches {
  const known = outputs.map(({ name }) => name);
  const faults = new Faults('INVALID_INPUT');
  if (names.length === 0) faults.add('fetches', 'expected at least one output, received none');
  for (const name of names) {
    if (typeof name !== 'string') {
      faults.add('fetches', `expected names of outputs, received ${describe(name)}`);
    } else if (!known.includes(name)) {
      const list = known.map(describe).join(', ');
      faults.add(
        name,
        `unknown output ${describe(name)}${suggestion(name, known)}; the model makes ${list}`,
      );
    }
  }
  if (faults.list.length > 0) {
    throw new InferError(failureOf('the fetches do not fit the model', faults.list));
  }
  rejectForeign(names as readonly string[], outputs);
  return { names: [...new Set(names as readonly string[])], given, all: false };
}

/** Optional values are told by what they hold. */
function rejectForeign(names: readonly string[], outputs: readonly ValueSignature[]): void {
  for (const { name, type } of outputs) {
    if (!names.includes(name) || tensorTypeOf(type) || /^(sequence|map)</.test(type)) continue;
    const web = (type as string) === NON_TENSOR;
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: web
        ? `output ${describe(name)} of the model is a sequence, a map or the like: onnxruntime-web hands out tensors alone`
        : `output ${describe(name)} of the model is ${type}, which has no counterpart in JavaScript`,
      hint: 'name the other outputs in fetches, or let the model make a plain tensor of it',
    });
  }
}

/**
 * The results in the order asked for: the caller's own tensors where they were brought, new ones elsewhere. What the
 * model wrote into such a tensor itself is not among `outputs`.
 */
export function collect(
  { names, given }: Fetches,
  outputs: Readonly<Record<string, AnyValue>>,
): Record<string, OutputValue> {
  if (given.size > 0) fillAll(given, outputs);
  const results: Record<string, OutputValue> = {};
  for (const name of names) {
    const result = given.get(name) ?? (outputs[name] && toValue(outputs[name]));
    if (result) results[name] = result;
  }
  return results;
}

/** Into each tensor or into none. */
function fillAll(
  given: ReadonlyMap<string, Tensor>,
  outputs: Readonly<Record<string, AnyValue>>,
): void {
  const faults = new Faults('INVALID_INPUT');
  const fitting: [Tensor, AnyTensor][] = [];
  for (const [name, target] of given) {
    const output = outputs[name];
    if (!output) continue;
    const fault = isTensorValue(output)
      ? misfit(target, output)
      : 'it is a sequence or a map: name it in fetches without a tensor';
    if (fault) faults.add(name, `output ${describe(name)}: ${fault}`);
    else fitting.push([target, output as AnyTensor]);
  }
  if (faults.list.length > 0) {
    throw new InferError(failureOf('the tensors for outputs do not fit', faults.list));
  }
  for (const [target, output] of fitting) writeInto(target, output);
}
