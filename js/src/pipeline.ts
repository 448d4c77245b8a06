import { describe } from './describe.js';
import { InferError } from './error.js';
import type { ModelFiles } from './model_files.js';
import {
  createFeatureExtraction,
  type FeatureExtraction,
  type PipelineOptions,
} from './feature_extraction.js';
import { currentWorkers } from './workers.js';

/** What a pipeline can do, under the names of transformers.js. */
export type Task = 'feature-extraction';
const TASKS: readonly Task[] = ['feature-extraction'];

/**
 * Text in, answers out: loads a model folder's tokenizer and model. Names, options and results follow transformers.js.
 *
 * @param model path or URL of a folder as transformers.js or sentence-transformers lay it out, or its files as a user
 *   chose or dropped them; omitted: the default model, the package @infercore/default-model
 * @throws InferError INVALID_OPTION for an unknown task, NOT_FOUND, and what Tokenizer.from and
 *   InferenceSession.create throw
 * @example
 * const embed = await pipeline('feature-extraction');
 * const vectors = await embed(['A cat sat on the mat.', 'Stocks fell sharply.']);
 * vectors.dims; // [2, 512]
 * await embed.dispose();
 */
export function pipeline(
  task: 'feature-extraction',
  model?: string | URL | ModelFiles,
  options?: PipelineOptions,
): Promise<FeatureExtraction>;
export async function pipeline(
  task: Task,
  model?: string | URL | ModelFiles,
  options?: PipelineOptions | null,
): Promise<FeatureExtraction> {
  if (!TASKS.includes(task)) {
    throw new InferError({
      code: 'INVALID_OPTION',
      message: `expected ${TASKS.map((name) => `'${name}'`).join(' or ')} for the task, received ${describe(task)}`,
    });
  }
  const workers = options?.worker === true ? currentWorkers() : undefined;
  const create = workers?.featureExtraction ?? createFeatureExtraction;
  return create(model, options ?? {});
}
