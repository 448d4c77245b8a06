/** Everything that `infercore` exports, the same on both targets. */
export { InferError } from './error.js';
export type { ErrorCode, Fault } from './error.js';
export type { Warning } from './warning.js';
export { compareSamples, summarize } from './summary.js';
export type { BenchSummary, SampleComparison } from './summary.js';
export { Tokenizer } from './tokenizer.js';
export type { DecodeOptions, TextInput, TokenizerInfo, TokenizerSource } from './tokenizer.js';
export type { EncodeOptions, PaddingOptions, TruncationOptions } from './encode_options.js';
export type { Encoding } from './encoding.js';
export type { EncodingBatch } from './encoding_batch.js';
export type { ProgressEvent } from './source.js';
export { Tensor, env } from 'onnxruntime-common';
export { listSupportedBackends } from './runtime.js';
export { InferenceSession } from './session.js';
export type { Constraints, KnownInputs, SessionOptions } from './session_options.js';
export type { ModelSource } from './model_source.js';
export type { SessionReport } from './report.js';
export type { RunOptions } from './run_options.js';
export { pipeline } from './pipeline.js';
export type { Task } from './pipeline.js';
export type {
  FeatureExtraction,
  FeatureExtractionOptions,
  PipelineOptions,
} from './feature_extraction.js';
export { search } from './search.js';
export type { SearchResult } from './search.js';
