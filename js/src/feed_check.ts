import type { ConstraintData, CoreBinding } from './binding.js';
import { InferError } from './error.js';
import type { Fault } from './error.js';
import { failureOf, Faults } from './fault.js';
import { applicable, merged, withTables } from './model_limits.js';
import type { RuntimeSession } from './runtime.js';
import { feedSignature, readFeeds } from './tensor.js';
import type { CheckedFeeds } from './tensor.js';

/** Holds the feeds of one session to what its model declares and what is demanded of them. */
export class FeedCheck {
  #constraints: ConstraintData | undefined;

  constructor(
    private readonly binding: CoreBinding,
    private readonly runtime: RuntimeSession,
    constraints: ConstraintData | undefined,
  ) {
    this.#constraints = constraints;
  }

  get constraints(): ConstraintData | undefined {
    return this.#constraints;
  }

  /**
   * Judges the user's constraints, and adds those of `limits` that can be said of the model, then what its graph says.
   *
   * @throws InferError INVALID_OPTION with all constraints that name what the model has not, or that exclude each other
   */
  limit(limits: ConstraintData): void {
    const { binding, runtime } = this;
    if (this.#constraints) {
      const faults = binding
        .validateFeeds(runtime.feedable, [], this.#constraints)
        .filter(({ code }) => code === 'INVALID_OPTION');
      if (faults.length > 0) throw new InferError(failureOf('invalid constraints', faults));
    }
    const known = withTables(limits, runtime.tables ?? []);
    if (Object.keys(known).length === 0) return;
    const fitting = applicable(known, binding, runtime.feedable);
    this.#constraints = merged(fitting, this.#constraints ?? {});
    runtime.constrain?.(this.#constraints);
  }

  /** All faults; empty when the feeds fit. */
  faultsOf(feeds: unknown): Fault[] {
    return this.#judge(readFeeds(feeds, this.runtime));
  }

  /**
   * The tensors of feeds that fit. Where the runtime looks at them itself, what is no tensor is found here and the rest there.
   *
   * @throws InferError INVALID_INPUT with all faults
   */
  read(feeds: unknown): CheckedFeeds['tensors'] {
    const checked = readFeeds(feeds, this.runtime);
    if (!this.runtime.validates || checked.faults.list.length > 0) {
      const faults = this.#judge(checked);
      if (faults.length > 0) throw doNotFit(faults);
    }
    return checked.tensors;
  }

  /**
   * The tensors of feeds that fit, wherever they are looked at otherwise.
   *
   * @throws InferError INVALID_INPUT with all faults
   */
  readNow(feeds: unknown): CheckedFeeds['tensors'] {
    const checked = readFeeds(feeds, this.runtime);
    const faults = this.#judge(checked);
    if (faults.length > 0) throw doNotFit(faults);
    return checked.tensors;
  }

  /**
   * Looks at what read() left to the runtime.
   *
   * @throws InferError INVALID_INPUT with all faults
   */
  expectFit(tensors: CheckedFeeds['tensors']): void {
    if (!this.runtime.validates) return;
    const faults = this.#judge({ tensors, faults: new Faults('INVALID_INPUT') });
    if (faults.length > 0) throw doNotFit(faults);
  }

  /** Of an input whose value is no tensor at all, it is enough to say that. */
  #judge({ tensors, faults }: CheckedFeeds): Fault[] {
    const constraints = this.#constraints;
    const malformed = new Set(faults.list.map(({ path }) => path));
    if (malformed.has('feeds')) return faults.list;
    const signatures = Object.entries(tensors).map(([name, tensor]) =>
      feedSignature(name, tensor, constraints?.[name]?.['values'] !== undefined),
    );
    const others = this.binding.validateFeeds(this.runtime.feedable, signatures, constraints);
    return [...faults.list, ...others.filter(({ path }) => !malformed.has(path))];
  }
}

const doNotFit = (faults: readonly Fault[]): InferError =>
  new InferError(failureOf('the feeds do not fit the model', faults));
