import type { InferenceSession as Ort } from 'onnxruntime-common';
import type { TensorData } from './binding.js';
import { compareOutput, dataOf } from './compare_outputs.js';
import type { OutputComparison } from './compare_outputs.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import type { Fault } from './error.js';
import { Faults, failureOf } from './fault.js';
import { expectKnown, isObject, object, oneOf } from './option.js';
import type { Check } from './option.js';
import type { WarningList } from './report.js';
import { readFeeds } from './tensor.js';
import type { OutputValues } from './value.js';

/** How closely outputs are compared, and what follows when they differ. */
export interface VerifyOptions {
  /** Of floats: |actual − expected| ≤ tolerance · max(1, |expected|). Default 0.001. All else has to be equal. */
  tolerance?: number;
  /** Default 'error': VERIFY_FAILED. With 'warn' it is a warning, and the session serves. */
  onMismatch?: 'error' | 'warn';
}

/** Feeds, and what the model makes of them where it runs as it should. */
export interface KnownInputs extends VerifyOptions {
  inputs: Ort.FeedsType;
  /** The outputs that are compared, any number of the model's. */
  expected: Ort.FeedsType;
}

/** How near the outputs come to what was expected. */
export interface VerifyReport {
  readonly matches: boolean;
  readonly outputs: readonly OutputComparison[];
}

const TOLERANCE = 1e-3;
const WHAT = 'the model gives other outputs than expected';
const HINT =
  'is it the model file, the provider, the optimisation level? tolerance says what is near enough';

export const VERIFY_CHECKS: Readonly<Record<keyof VerifyOptions, Check>> = {
  tolerance: {
    expected: 'a number ≥ 0',
    test: (value) => Number.isFinite(value) && Number(value) >= 0,
  },
  onMismatch: oneOf('error', 'warn'),
};

const CHECKS: Readonly<Record<keyof KnownInputs, Check>> = {
  inputs: object,
  expected: object,
  ...VERIFY_CHECKS,
};

type KnownChecks = Readonly<Record<string, Check>>;

/**
 * What is wrong with known inputs, of which there may be several. Whether they fit the model, the run says. `checks` are
 * those of tensors; a pipeline has others.
 */
export function checkKnownInputs(
  value: unknown,
  path: string,
  faults: Faults,
  checks: KnownChecks = CHECKS,
): void {
  if (Array.isArray(value)) {
    value.forEach((each: unknown, i) => {
      checkOne(each, `${path}[${i}]`, faults, checks);
    });
  } else checkOne(value, path, faults, checks);
}

function checkOne(value: unknown, path: string, faults: Faults, checks: KnownChecks): void {
  if (!isObject(value)) {
    faults.add(path, `expected { inputs, expected } for ${path}, received ${describe(value)}`);
    return;
  }
  expectKnown(`${path}.`, Object.keys(value), Object.keys(checks), faults);
  for (const [name, check] of Object.entries(checks)) {
    const given = value[name];
    const optional = name in VERIFY_CHECKS;
    if ((optional && given === undefined) || check.test(given)) continue;
    const where = `${path}.${name}`;
    faults.add(where, `expected ${check.expected} for ${where}, received ${describe(given)}`);
  }
}

/** The tensors of `expected`, of any copy of onnxruntime-common. @throws InferError INVALID_INPUT */
function readExpected(expected: Ort.FeedsType): Readonly<Record<string, TensorData>> {
  const { tensors, faults } = readFeeds(expected, { locations: [], sequences: false });
  if (faults.list.length > 0) {
    throw new InferError(failureOf('the expected outputs can not be read', faults.list));
  }
  return tensors as Readonly<Record<string, TensorData>>; // none is on a device: no place for one was named
}

type Run<Inputs> = (inputs: Inputs, names: readonly string[]) => Promise<OutputValues>;

/** Known inputs of any kind: feeds, or texts. */
interface Known<Inputs> extends VerifyOptions {
  readonly inputs: Inputs;
  readonly expected: Ort.FeedsType;
}

/** What became of one of several known inputs. */
interface Verified {
  readonly policy: 'error' | 'warn';
  readonly outputs: readonly OutputComparison[];
}

/**
 * Runs known inputs and compares what comes with what was expected.
 *
 * @throws InferError VERIFY_FAILED, whose faults have each output that differs, and whose cause is the report;
 *   INVALID_OPTION, INVALID_INPUT for known inputs that are none
 */
export async function verifyKnown(
  given: KnownInputs | readonly KnownInputs[],
  run: Run<Ort.FeedsType>,
  warnings: WarningList,
): Promise<VerifyReport> {
  const faults = new Faults('INVALID_OPTION');
  checkKnownInputs(given, 'known', faults);
  if (faults.list.length > 0) {
    throw new InferError(failureOf('known inputs can not be read', faults.list));
  }
  return verifyEach([given].flat() as readonly KnownInputs[], run, warnings);
}

/** As verifyKnown, of known inputs that were checked. */
export async function verifyEach<Inputs>(
  given: readonly Known<Inputs>[],
  run: Run<Inputs>,
  warnings: WarningList,
): Promise<VerifyReport> {
  const list: Verified[] = [];
  for (const known of given) {
    const outputs = await compared(known, list.length, run);
    list.push({ policy: known.onMismatch ?? 'error', outputs });
  }
  const outputs = list.flatMap((each) => each.outputs);
  const report = { matches: outputs.every(({ matches }) => matches), outputs };
  const told = faultsOf(list, 'warn');
  if (told.length > 0) {
    warnings.tell({ code: 'VERIFY_FAILED', message: failureOf(WHAT, told).message, hint: HINT });
  }
  const refused = faultsOf(list, 'error');
  if (refused.length > 0) {
    throw new InferError(failureOf(WHAT, refused, HINT), { cause: report });
  }
  return report;
}

async function compared<Inputs>(
  known: Known<Inputs>,
  index: number,
  run: Run<Inputs>,
): Promise<OutputComparison[]> {
  const { inputs, tolerance = TOLERANCE } = known;
  const expected = readExpected(known.expected);
  const actual = await run(inputs, Object.keys(expected));
  const outputs: OutputComparison[] = [];
  for (const [name, tensor] of Object.entries(expected)) {
    const output = actual[name];
    if (!output) throw new Error('the runtime left out an output');
    if (!('dims' in output)) {
      throw new InferError({
        code: 'NOT_SUPPORTED',
        message: `output ${describe(name)} is a sequence: only tensors can be compared`,
      });
    }
    const made = await dataOf(output);
    outputs.push(compareOutput(name, tensor, made, tolerance, index));
  }
  return outputs;
}

function faultsOf(list: readonly Verified[], policy: Verified['policy']): readonly Fault[] {
  const faults = new Faults('VERIFY_FAILED');
  for (const { name, known, message } of list
    .filter((each) => each.policy === policy)
    .flatMap(({ outputs }) => outputs)) {
    if (message === undefined) continue;
    const [path, which] = list.length > 1 ? [`[${known}].`, `known inputs ${known}, `] : ['', ''];
    faults.add(path + name, which + message);
  }
  return faults.list;
}
