import type {
  BatchData,
  BatchJobOptions,
  CoreBinding,
  DenseHandle,
  EmbedData,
  ModelSignature,
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
  readonly timeoutMs: number | undefined;
  readonly priority: number | undefined;
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
  { inputs, outputs }: Pick<ModelSignature, 'inputs' | 'outputs'>,
  run: RunBatch,
): Promise<EmbedData> {
  const { tokenizer, texts, options, dense, output, signal, onProgress } = request;
  const clock = new PhaseClock();
  throwIfAborted(signal);
  const model = { inputs, outputs, output };
  const job = unwrap(binding.createBatchJob(tokenizer, texts, options, dense, model));
  clock.end('tokenize');
  try {
    for (let batch = job.next(); batch; batch = job.next()) {
      throwIfAborted(signal);
      const { data, dims } = await run(feedsOf(batch));
      clock.end('run');
      unwrap(job.accept(batch.index, data as Float32Array, dims));
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

function feedsOf({ rows, length, feeds }: BatchData): Record<string, TensorData> {
  return Object.fromEntries(
    feeds.map(({ name, type, data }) => [name, { type, data, dims: [rows, length] }]),
  );
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
