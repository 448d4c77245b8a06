import type { Dtype } from '../model_folder.js';
import type { GraphLevel } from '../session_options.js';

/** One point of a sweep. `null`: the model has no such axis, or the choice is left to the library. */
export interface Configuration {
  /** Rows of one run. */
  readonly batch: number | null;
  /** Tokens of one row. */
  readonly sequence: number | null;
  /** Threads that one run may use. */
  readonly threads: number | null;
  readonly provider: string;
  /** Which of a folder's model files. */
  readonly dtype: Dtype | null;
  /** Optimisation of the graph. */
  readonly level: GraphLevel;
}

export type Axis = keyof Configuration;

export const AXES: readonly Axis[] = ['batch', 'sequence', 'threads', 'provider', 'dtype', 'level'];

/** What a configuration is called, and matched by: `batch=4 sequence=128 provider=cpu level=all`. */
export function idOf(configuration: Configuration): string {
  return AXES.filter((axis) => configuration[axis] !== null)
    .map((axis) => `${axis}=${configuration[axis] ?? ''}`)
    .join(' ');
}
