/** Everything that `infercore` exports, the same on both targets. */
export { InferError } from './error.js';
export type { ErrorCode, Fault } from './error.js';
export type { Warning } from './warning.js';
export { compareSamples, summarize } from './summary.js';
export type { BenchSummary, SampleComparison } from './summary.js';
