/** Something that still works, but not as one would think. In `session.report` and through `onWarning`. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
