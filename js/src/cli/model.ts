/** How the commands load a model, and turn texts into vectors with it. */
import { pipeline, type FeatureExtraction, type PipelineOptions } from '../node.js';
import type { ModelOptions, PoolingOptions } from './options.js';
import { ProgressBar } from './progress.js';
import { note, printable, stylesFor } from './terminal.js';
import { UsageError } from './usage_error.js';

/** Runs `use` with the model that the options name, and frees it afterwards. */
export async function withModel<T>(
  options: ModelOptions,
  signal: AbortSignal,
  use: (extract: FeatureExtraction) => Promise<T>,
): Promise<T> {
  const extract = await pipeline(
    'feature-extraction',
    options.model,
    sessionOptions(options, signal),
  );
  try {
    return await use(extract);
  } finally {
    await extract.dispose();
  }
}

export function sessionOptions(options: ModelOptions, signal: AbortSignal): PipelineOptions {
  return {
    signal,
    onWarning: ({ message, hint }) => {
      const styles = stylesFor(process.stderr);
      note(`${styles.yellow('warning:')} ${printable(hint ? `${message} (${hint})` : message)}`);
    },
    ...(options.dtype ? { dtype: options.dtype } : {}),
    ...(options.provider ? { executionProviders: options.provider } : {}),
    ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
  };
}

export interface Vectors {
  readonly data: Float32Array;
  readonly count: number;
  readonly dimensions: number;
}

/** With nothing asked for, the model's own vectors: what its folder says, or its graph's sentence output. */
function poolingOf({ pooling, normalize }: PoolingOptions & { normalize?: boolean }) {
  return {
    ...(pooling ? { pooling } : {}),
    ...(normalize === false ? { normalize } : {}),
  };
}

function normalizeRows(data: Float32Array, dimensions: number): void {
  for (let start = 0; start < data.length; start += dimensions) {
    const row = data.subarray(start, start + dimensions);
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    if (length > 0) row.forEach((x, i) => (row[i] = x / length));
  }
}

/** One vector a text, of length 1 unless `normalize` is false. */
export async function embed(
  extract: FeatureExtraction,
  texts: readonly string[],
  options: PoolingOptions & { normalize?: boolean },
  signal: AbortSignal,
): Promise<Vectors> {
  const bar = new ProgressBar('texts');
  try {
    const tensor = await extract(texts, {
      ...poolingOf(options),
      signal,
      onProgress: ({ loaded, total }) => {
        bar.update(loaded, total ?? texts.length);
      },
    });
    const [count = 0, dimensions = 0, ...more] = tensor.dims;
    if (more.length > 0) {
      throw new UsageError(
        'this model gives one vector a token, expected one a text',
        'choose with --pooling mean, --pooling cls or --pooling last',
      );
    }
    const data = tensor.data as Float32Array;
    if (options.normalize !== false) normalizeRows(data, dimensions);
    return { data, count, dimensions };
  } finally {
    bar.stop();
  }
}
