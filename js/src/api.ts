/** Everything that `infercore` exports, the same on both targets. */
export * from './tokenizer_api.js';
export * from './bench_api.js';
export type { Warning } from './warning.js';
export type { ProgressEvent } from './source.js';
export { Tensor } from 'onnxruntime-common';
export { env } from './core_settings.js';
// Its types, under the names that programs written for it use; ours of the same name win.
export type * from 'onnxruntime-common';
export { listSupportedBackends } from './runtime.js';
export { InferenceSession } from './session.js';
export type { AttachOptions, SharedSession } from './shared_session.js';
export { SharedWeights } from './shared_weights.js';
export { BatchedSession } from './batched_session.js';
export type { BatchOptions, BatchStats } from './batched_session.js';
export type { Padding as BatchPadding } from './joint_run.js';
export { ModelCache } from './model_cache.js';
export type {
  AcquireOptions,
  ModelCacheMetrics,
  ModelCacheOptions,
} from './model_cache_options.js';
export type { ModelLease } from './model_lease.js';
export { createService } from './service.js';
export type { DrainReport, Service } from './service.js';
export type {
  HealthOptions,
  KnownInputsCheck,
  ServiceHealth,
  ServiceState,
} from './service_health.js';
export type {
  EmbeddingServiceOptions,
  EmbedTexts,
  KnownTexts,
  ReplaceOptions,
  RunTensors,
  TensorServiceOptions,
} from './service_options.js';
export type { AnyModel, LoadedValue, LoadModel } from './cached_model.js';
export type { Constraints, SessionOptions } from './session_options.js';
export type { SessionMetrics } from './metrics.js';
export type { Durations } from './histogram.js';
export type { SlowRun } from './slow_run.js';
export type { RunTrace } from './run_trace.js';
export { toPrometheus } from './prometheus.js';
export type { LabeledMetrics } from './prometheus.js';
export type { KnownInputs, VerifyOptions, VerifyReport } from './verify.js';
export type { OutputComparison } from './compare_outputs.js';
export type { WarmupShapes } from './warmup.js';
export type { LogMessage } from './log.js';
export type { ProviderConfig } from './providers.js';
export type { ModelSource } from './model_source.js';
export type { CoreReport, SessionReport } from './report.js';
export type { Placement } from './placement.js';
export type { RunOptions } from './run_options.js';
export type { FeedValues, MapValue, OutputValue, OutputValues } from './value.js';
export { pipeline } from './pipeline.js';
export type { Task } from './pipeline.js';
export type {
  FeatureExtraction,
  FeatureExtractionOptions,
  PipelineOptions,
} from './feature_extraction.js';
export { search } from './search.js';
export type { SearchResult } from './search.js';
export { splitSentences } from './sentences.js';
export type { Sentence, SplitOptions } from './sentences.js';
