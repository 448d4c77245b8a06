/** How a session or a pipeline gets into a Web Worker: only the entry of pages knows, so Node's bundle has none of it. */
import type { FeatureExtraction, PipelineOptions } from './feature_extraction.js';
import type { ModelFiles } from './model_files.js';
import type { OpenSession } from './open_session.js';

export interface Workers {
  readonly openSession: OpenSession;
  readonly featureExtraction: (
    model: string | URL | ModelFiles | undefined,
    options: PipelineOptions,
  ) => Promise<FeatureExtraction>;
}

let provided: Workers | undefined;

/** For the entry point of pages alone. */
export function provideWorkers(workers: Workers): void {
  provided = workers;
}

/** undefined where there are none: in Node, and in a worker of ours. */
export function currentWorkers(): Workers | undefined {
  return provided;
}
