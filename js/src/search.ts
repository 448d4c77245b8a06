import { coreBinding } from './core.js';
import { describe } from './describe.js';
import { InferError, unwrap } from './error.js';
import { expectOptions, whole } from './option.js';

/** Row q of each list belongs to query q; k entries a row, best first. */
export interface SearchResult {
  readonly indices: Uint32Array;
  readonly scores: Float32Array;
}

const positive = whole(1, 2 ** 32 - 1);
const CHECKS = { dimensions: positive, k: positive };

/**
 * The k rows of `matrix` nearest to each row of `queries`, by cosine: all of them compared, no index.
 *
 * A large search runs on the library's threads, which read the two arrays where they are: do not change or transfer them
 * until the promise is settled.
 *
 * @param queries q × dimensions numbers, normalised
 * @param matrix n × dimensions numbers, normalised; not changed
 * @param options `k` above n gives n entries a row
 * @throws InferError INVALID_INPUT, INVALID_OPTION
 * @example
 * const texts = await embed(['a cat', 'a car'], { pooling: 'mean', normalize: true });
 * const query = await embed('kitten', { pooling: 'mean', normalize: true });
 * const { indices } = await search(query.data, texts.data, { dimensions: 512, k: 1 });
 */
export async function search(
  queries: Float32Array,
  matrix: Float32Array,
  options: { dimensions: number; k: number },
): Promise<SearchResult> {
  for (const [name, list] of Object.entries({ queries, matrix })) {
    if (Object.prototype.toString.call(list) === '[object Float32Array]') continue;
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected a Float32Array for ${name}, received ${describe(list)}`,
    });
  }
  const binding = await coreBinding();
  expectOptions('options of search', options, CHECKS, ['dimensions', 'k']);
  return unwrap(await binding.search(queries, matrix, options.dimensions, options.k));
}
