import type { Tensor } from 'onnxruntime-common';
import type {
  BatchData,
  BatchJobOptions,
  CoreBinding,
  DenseHandle,
  EmbedData,
  TensorData,
  TokenizerHandle,
} from './binding.js';
import { unwrap } from './error.js';
import { throwIfAborted } from './abort.js';

/** Texts to vectors: what a runtime's session is asked for by a pipeline. */
export interface EmbedRequest {
  readonly tokenizer: TokenizerHandle;
  readonly texts: readonly string[];
  readonly options: BatchJobOptions;
  readonly dense: readonly DenseHandle[];
  /** The model's output that is pooled. */
  readonly output: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

/** Runs the model once: the feeds it has, and the one output that is asked for. */
export type RunBatch = (feeds: Record<string, TensorData>) => Promise<TensorData>;

/**
 * Drives the core's BatchJob where the session is JavaScript's (onnxruntime-web). The addon does the same on its own
 * threads.
 */
export async function embedInBatches(
  binding: CoreBinding,
  request: EmbedRequest,
  run: RunBatch,
): Promise<EmbedData> {
  const { tokenizer, texts, options, dense, signal, onProgress } = request;
  const clock = new PhaseClock();
  throwIfAborted(signal);
  const job = unwrap(binding.createBatchJob(tokenizer, texts, options, dense));
  clock.end('tokenize');
  try {
    for (let batch = job.next(); batch; batch = job.next()) {
      throwIfAborted(signal);
      const output = await run(feedsOf(batch));
      clock.end('run');
      unwrap(job.accept(batch.index, output.data as Float32Array, output.dims));
      clock.end('pool');
      onProgress?.(job.stats().done, texts.length);
    }
    throwIfAborted(signal);
    const vectors = unwrap(job.result());
    clock.end('pool');
    return { vectors, stats: job.stats(), phases: clock.phases, warnings: job.warnings() };
  } finally {
    job.delete();
  }
}

function feedsOf(batch: BatchData): Record<string, TensorData> {
  const tensor = (data: BigInt64Array) => ({
    type: 'int64' as Tensor.Type,
    data,
    dims: [batch.rows, batch.length],
  });
  return {
    input_ids: tensor(batch.inputIds),
    attention_mask: tensor(batch.attentionMask),
    token_type_ids: tensor(batch.tokenTypeIds),
  };
}

/** Sums up milliseconds by phase. */
class PhaseClock {
  readonly phases: Record<string, number> = { tokenize: 0, run: 0, pool: 0 };
  #last = performance.now();

  end(phase: string): void {
    const now = performance.now();
    this.phases[phase] = (this.phases[phase] ?? 0) + now - this.#last;
    this.#last = now;
  }
}
