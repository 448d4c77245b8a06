/** What `infercore/bench` exports: statistics of samples. */
export { InferError } from './error.js';
export type { ErrorCode, Fault } from './error.js';
export { compareSamples, summarize } from './summary.js';
export type { BenchSummary, SampleComparison } from './summary.js';
export { readProfile } from './bench/profile.js';
export type { NodeTime, OperatorTime, RunProfile } from './bench/profile.js';
