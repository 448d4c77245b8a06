import type { Tensor } from 'onnxruntime-common';
import type { ValueSignature } from './binding.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import { isObject, suggestion } from './option.js';
import { RUN_OPTION_NAMES } from './run_options.js';
import type { RunOptions } from './run_options.js';
import { toTensor, writeInto } from './tensor.js';
import type { AnyTensor } from './tensor.js';

/** Which outputs a run shall make, and the tensors that the caller brought for some of them. */
export interface Fetches {
  readonly names: readonly string[];
  readonly given: ReadonlyMap<string, Tensor>;
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

/**
 * Tells the forms of run() apart: (feeds, options?) and (feeds, fetches, options?). Fetches are names, or an object of
 * names with null or a tensor to write into.
 *
 * @throws InferError INVALID_INPUT with all faults, NOT_SUPPORTED for an output that is no tensor
 */
export function runArguments(
  first: unknown,
  second: unknown,
  outputs: readonly ValueSignature[],
): RunArguments {
  const known = outputs.map(({ name }) => name);
  if (first === undefined) {
    return { fetches: all(outputs), options: second ?? {} };
  }
  const options = (second ?? {}) as RunOptions;
  if (Array.isArray(first)) {
    return { fetches: check(first, new Map(), outputs), options };
  }
  if (!isObject(first) || isTensor(first)) {
    const received = isTensor(first) ? 'a Tensor' : describe(first);
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected output names, an object of outputs or options after the feeds, received ${received}`,
    });
  }
  if (second === undefined && !isFetches(first, known)) {
    return { fetches: all(outputs), options: first };
  }
  const given = new Map<string, Tensor>();
  for (const [name, value] of Object.entries(first)) {
    if (isTensor(value)) given.set(name, value);
  }
  const names = Object.keys(first).filter((name) => first[name] !== undefined);
  return { fetches: check(names, given, outputs), options };
}

function all(outputs: readonly ValueSignature[]): Fetches {
  return check(
    outputs.map(({ name }) => name),
    new Map(),
    outputs,
  );
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
  rejectNonTensors(names as readonly string[], outputs);
  return { names: [...new Set(names as readonly string[])], given };
}

function rejectNonTensors(names: readonly string[], outputs: readonly ValueSignature[]): void {
  for (const { name, type } of outputs) {
    const kind: string = type;
    if (!names.includes(name) || isTensorType(kind)) continue;
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: `output ${describe(name)} of the model is a ${kind}: only tensors can be fetched`,
      hint: 'name the outputs that are tensors in fetches',
    });
  }
}

const TENSOR_TYPES: ReadonlySet<string> = new Set([
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'uint4',
  'int4',
] satisfies Tensor.Type[]);

/** Is it the name of an element type? Sequences and maps have none. */
export function isTensorType(type: string): type is Tensor.Type {
  return TENSOR_TYPES.has(type);
}

/** The results in the order asked for: the caller's own tensors where they were brought, new ones elsewhere. */
export function collect(
  { names, given }: Fetches,
  outputs: Readonly<Record<string, AnyTensor>>,
): Record<string, Tensor> {
  const faults = new Faults('INVALID_INPUT');
  const results: Record<string, Tensor> = {};
  for (const name of names) {
    const output = outputs[name];
    if (!output) continue;
    const target = given.get(name);
    const fault = target && writeInto(target, output);
    if (fault) faults.add(name, `output ${describe(name)}: ${fault}`);
    results[name] = target ?? toTensor(output);
  }
  if (faults.list.length > 0) {
    throw new InferError(failureOf('the tensors for outputs do not fit', faults.list));
  }
  return results;
}
