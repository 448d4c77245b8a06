/** The stable codes of all errors: a code may be added, none is renamed. The same list stands in core's status.h. */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'INVALID_OPTION'
  | 'NOT_FOUND'
  | 'NOT_A_MODEL'
  | 'NOT_A_TOKENIZER'
  | 'UNSUPPORTED_COMPONENT'
  | 'LIMIT_EXCEEDED'
  | 'PROVIDER_UNAVAILABLE'
  | 'RUNTIME_NOT_FOUND'
  | 'RUNTIME_ERROR'
  | 'VERIFY_FAILED'
  | 'QUEUE_FULL'
  | 'ABORTED'
  | 'TIMEOUT'
  | 'DISPOSED'
  | 'NOT_SUPPORTED';

/** One thing that is wrong with an input. `path` says where, for instance `texts[3]` or `input_ids`. */
export interface Fault {
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** The core's Status as a plain object, before it becomes an InferError. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly faults?: readonly Fault[];
}

/**
 * Every error of the library.
 *
 * `message` says what was expected, for what, and what came; `hint` says what to do; `faults` lists all faults of an
 * input when there are several.
 *
 * @example
 * try {
 *   await summarize(new Float64Array([1, NaN]));
 * } catch (error) {
 *   if (error instanceof InferError) console.log(error.code); // INVALID_INPUT
 * }
 */
export class InferError extends Error {
  override readonly name = 'InferError';
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly faults?: readonly Fault[];

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.hint ? `${failure.message} (${failure.hint})` : failure.message, options);
    this.code = failure.code;
    if (failure.hint) this.hint = failure.hint;
    if (failure.faults?.length) this.faults = failure.faults;
  }
}

/** The Failure that an error was made of, to send it elsewhere or to make another of it. */
export function failureIn({ code, message, hint, faults }: InferError): Failure {
  return {
    code,
    message: hint ? message.slice(0, -hint.length - 3) : message,
    ...(hint ? { hint } : {}),
    ...(faults ? { faults } : {}),
  };
}

/** A value, or the Failure that says why there is none. What every function of a binding answers. */
export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

/** The value of an outcome; throws its failure. Thrown here, the stack shows the caller's line. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if ('failure' in outcome) throw new InferError(outcome.failure);
  return outcome.value;
}
