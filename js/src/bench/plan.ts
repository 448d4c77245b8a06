/** Which configurations a sweep has. */
import type { ValueSignature } from '../binding.js';
import { describe } from '../describe.js';
import { InferError } from '../error.js';
import { Faults, failureOf } from '../fault.js';
import type { Dtype } from '../model_folder.js';
import { suggestion } from '../option.js';
import type { GraphLevel } from '../session_options.js';
import { AXES, type Axis, type Configuration } from './configuration.js';
import { missing, roleOf, type InputSignature, type InputWishes, type Sizes } from './inputs.js';

/** The values of each axis that were asked for. Absent: the default. */
export interface Sweep {
  readonly batch?: readonly number[];
  readonly sequence?: readonly number[];
  readonly threads?: readonly number[];
  readonly provider?: readonly string[];
  readonly dtype?: readonly Dtype[];
  readonly level?: readonly GraphLevel[];
}

/** What a sweep is possible with. */
export interface Possible {
  readonly signature: InputSignature;
  readonly wishes: InputWishes;
  /** Texts give lengths of their own. */
  readonly texts: boolean;
  /** Names of providers; the first is the default. */
  readonly providers: readonly string[];
  /** Precisions that the folder has a file of; undefined for a single file. */
  readonly dtypes: readonly Dtype[] | undefined;
  /** Can a session have a number of threads of its own? */
  readonly threads: boolean;
  /** What is wrong with runs of these sizes, in words: limits that the model states. */
  readonly misfits: (sizes: Sizes) => readonly string[];
}

export const DEFAULT_BATCH: readonly number[] = [1, 4, 16];
export const DEFAULT_SEQUENCE: readonly number[] = [128];
/** More than anybody waits for; a typing error makes them easily. */
const MOST = 1000;

type Size = 'batch' | 'sequence';

/** What sizes the model leaves open, or has fixed. */
interface Extent {
  readonly free: boolean;
  /** The input whose dimension is fixed. */
  readonly fixed?: { readonly input: string; readonly size: number };
}

/**
 * The configurations in their order: what needs another session changes last.
 *
 * @throws InferError INVALID_OPTION that names every axis that is impossible, and why
 */
export function planOf(sweep: Sweep, possible: Possible): Configuration[] {
  const faults = new Faults('INVALID_OPTION');
  const batch = sizesOf('batch', sweep.batch, possible, faults);
  const sequence = sizesOf('sequence', sweep.sequence, possible, faults);
  if (sweep.threads && !possible.threads) {
    faults.add(
      'threads',
      'expected no threads here: onnxruntime-web has one number of them for the whole page, env.wasm.numThreads',
    );
  }
  const provider = sweep.provider ?? possible.providers.slice(0, 1);
  for (const name of provider.filter((each) => !possible.providers.includes(each))) {
    const meant = suggestion(name, possible.providers);
    faults.add('provider', `expected an execution provider, received ${describe(name)}${meant}`);
  }
  const dtype = dtypesOf(sweep.dtype, possible, faults);
  const values = {
    level: sweep.level ?? (['all'] as const),
    dtype,
    provider,
    threads: sweep.threads ?? [null],
    sequence,
    batch,
  };
  const count = Object.values(values).reduce((product, { length }) => product * length, 1);
  if (count > MOST) {
    const axes = AXES.filter((axis) => values[axis].length > 1).join(' × ');
    faults.add(axes, `expected at most ${MOST} configurations, ${axes} make ${count}`);
  }
  if (faults.list.length === 0) expectFit(sweep, { batch, sequence }, possible, faults);
  if (faults.list.length > 0)
    throw new InferError(failureOf('this sweep is impossible', faults.list));
  return product(values);
}

function product(values: Readonly<Record<Axis, readonly unknown[]>>): Configuration[] {
  let all: Record<string, unknown>[] = [{}];
  for (const [axis, list] of Object.entries(values)) {
    all = all.flatMap((each) => list.map((value) => ({ ...each, [axis]: value })));
  }
  // In the order in which they are read, not in that in which they change.
  const ordered = all.map((each) => AXES.map((axis) => [axis, each[axis]] as const));
  return ordered.map((entries) => Object.fromEntries(entries) as unknown as Configuration);
}

function extentOf(size: Size, { signature, wishes }: Possible): Extent {
  let fixed: Extent['fixed'];
  for (const input of missing(signature, wishes)) {
    for (const axis of input.dims.keys()) {
      const role = roleOf(input, axis, wishes.dimensions);
      if (role === size) return { free: true };
      if (typeof role === 'number' && standsFor(size, axis, input)) {
        fixed ??= { input: input.name, size: role };
      }
    }
  }
  return { free: false, ...(fixed && { fixed }) };
}

/** By its place: a fixed dimension has no name. */
function standsFor(size: Size, axis: number, { dims, type }: ValueSignature): boolean {
  if (size === 'batch') return axis === 0 && dims.length > 1;
  return axis === 1 && dims.length === 2 && /^int(32|64)$/.test(type);
}

function sizesOf(
  size: Size,
  asked: readonly number[] | undefined,
  possible: Possible,
  faults: Faults,
): readonly (number | null)[] {
  if (possible.texts) {
    if (size === 'batch') return asked ?? DEFAULT_BATCH;
    if (asked)
      faults.add(size, 'expected no sequence beside texts: they have lengths of their own');
    return [null];
  }
  const { free, fixed } = extentOf(size, possible);
  if (free) return asked ?? defaultsOf(size, possible);
  const wrong = asked?.filter((value) => value !== fixed?.size) ?? [];
  if (wrong.length > 0) {
    const received = wrong.join(', ');
    faults.add(
      size,
      fixed
        ? `expected ${fixed.size} for ${size}, which input ${describe(fixed.input)} has fixed, received ${received}`
        : `expected no ${size}: no input that is to be made has such an axis; received ${received}`,
    );
  }
  return [fixed?.size ?? null];
}

/** No more than the model has positions for. */
function defaultsOf(size: Size, { signature, wishes }: Possible): readonly number[] {
  if (size === 'batch') return DEFAULT_BATCH;
  const limits = missing(signature, wishes).flatMap((input) =>
    input.dims.flatMap((name, axis) => {
      if (roleOf(input, axis, wishes.dimensions) !== 'sequence') return [];
      const ranges = signature.constraints[input.name] ?? {};
      return [ranges[axis]?.max ?? Infinity, ranges[name]?.max ?? Infinity];
    }),
  );
  return DEFAULT_SEQUENCE.map((length) => Math.min(length, ...limits));
}

function dtypesOf(
  asked: readonly Dtype[] | undefined,
  { dtypes }: Possible,
  faults: Faults,
): readonly (Dtype | null)[] {
  if (!dtypes) {
    if (asked)
      faults.add('dtype', 'expected no dtype for a single model file: folders have several');
    return [null];
  }
  for (const name of asked?.filter((each) => !dtypes.includes(each)) ?? []) {
    const there = dtypes.join(', ') || 'none';
    faults.add(
      'dtype',
      `expected a dtype that the folder has a file of (${there}), received ${describe(name)}`,
    );
  }
  return asked ?? dtypes.slice(0, 1);
}

/** Each size alone with the least of the other axis: so a fault names the axis that it belongs to. */
function expectFit(
  sweep: Sweep,
  { batch, sequence }: Readonly<Record<Size, readonly (number | null)[]>>,
  { misfits, texts }: Possible,
  faults: Faults,
): void {
  if (texts) return;
  const least = (list: readonly (number | null)[]) =>
    list.reduce((a, b) => ((a ?? 0) <= (b ?? 0) ? a : b)) ?? null;
  const [one, short] = [least(batch), least(sequence)];
  const told = new Set<string>();
  const judge = (axis: Size, value: number | null, sizes: Sizes) => {
    for (const message of misfits(sizes).filter((each) => !told.has(each))) {
      told.add(message);
      const origin = sweep[axis] ? '' : ' (the default)';
      faults.add(axis, `${axis} ${value ?? ''}${origin}: ${message}`);
    }
  };
  for (const value of sequence) judge('sequence', value, { batch: one, sequence: value });
  for (const value of batch) {
    if (value !== one) judge('batch', value, { batch: value, sequence: short });
  }
}
