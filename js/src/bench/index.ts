/** The benchmark harness: what `infercore/bench` exports beside the statistics. */
export { benchmark } from './benchmark.js';
export type { Clock } from './clock.js';
export { toCsv } from './csv.js';
export { toMarkdown } from './markdown.js';
export type { Configuration } from './configuration.js';
export type { Digest, OutputDigest } from './digest.js';
export { measure } from './measure.js';
export type { Measured, MeasureOptions, MeasureProgress, Stopped } from './measure.js';
export type { BenchModel } from './model.js';
export type { BenchOptions, BenchProgress } from './options.js';
export type {
  ArrivalFacts,
  BenchContext,
  BenchResult,
  Best,
  ColdStartFacts,
  ConfigurationResult,
  EventLoopFacts,
  MachineFacts,
  MemoryFacts,
  ModelFacts,
  Throughput,
  UsedFacts,
} from './result.js';
export type { OpenSubject, RunFacts, Subject } from './subject.js';
export { placeWarnings, runWarnings } from './warnings.js';
export type { BenchWarning, BenchWarningCode, PlaceFacts } from './warnings.js';
export type { RunFactsOfWarnings as DoubtfulFacts } from './warnings.js';
export { tensorsFromJson } from './tensor_file.js';
export { compareResults } from './comparison.js';
export type {
  CompareOptions,
  Comparison,
  ConfigurationComparison,
  NamedResult,
  Regression,
  ResultComparison,
} from './comparison.js';
