import type {
  ConstraintData,
  CoreBinding,
  EmbeddingTable,
  RangeData,
  ValueSignature,
} from './binding.js';
import type { Json } from './folder_file.js';

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0;

/** Models whose positions begin behind the padding token's id, as RoBERTa's do. */
const POSITIONS_BEHIND_PADDING = /roberta|camembert|longformer|mpnet|data2vec-text|ibert/;

/** How many tokens the model of a config.json has positions for; undefined when it does not say. */
export function positionsOf(config: Json | undefined): number | undefined {
  const rows = config?.['max_position_embeddings'];
  if (!isCount(rows)) return undefined;
  const { model_type: type, pad_token_id: padding } = config as Json;
  if (!POSITIONS_BEHIND_PADDING.test(String(type))) return rows;
  return Math.max(1, rows - 1 - (Number.isSafeInteger(padding) ? Number(padding) : 1));
}

/** What a config.json says of feeds: ids have to have a row in their table, a sequence positions. */
export function limitsOf(config: Json | undefined): ConstraintData {
  const rows = (count: unknown): Record<string, RangeData> =>
    isCount(count) ? { values: { min: 0, max: count - 1 } } : {};
  const positions = positionsOf(config);
  const sequence: Record<string, RangeData> =
    positions === undefined ? {} : { 1: { max: positions } };
  return {
    input_ids: { ...rows(config?.['vocab_size']), ...sequence },
    token_type_ids: rows(config?.['type_vocab_size']),
    position_ids: rows(config?.['max_position_embeddings']),
  };
}

/**
 * `limits` with what the graph says, too: an id has to have a row, counted from the end where it is negative. Where both
 * speak of a table, the narrower one counts: a config.json knows of rows that only fill it up, the graph how many there are.
 */
export function withTables(
  limits: ConstraintData,
  tables: readonly EmbeddingTable[],
): ConstraintData {
  const all: Record<string, ConstraintData[string]> = { ...limits };
  for (const { input, rows } of tables) {
    const { min = -rows, max = rows - 1 } = all[input]?.['values'] ?? {};
    const values = { min: Math.max(min, -rows), max: Math.min(max, rows - 1) };
    all[input] = { ...all[input], values };
  }
  return all;
}

/** Those of `limits` that can be said of the model: names, ranks and types are the graph's. */
export function applicable(
  limits: ConstraintData,
  binding: CoreBinding,
  feedable: readonly ValueSignature[],
): ConstraintData {
  const fits = (input: string, axis: string, range: RangeData): boolean =>
    binding
      .validateFeeds(feedable, [], { [input]: { [axis]: range } })
      .every(({ code }) => code !== 'INVALID_OPTION');
  return mapAxes(limits, (input, axes) =>
    Object.fromEntries(Object.entries(axes).filter(([axis, range]) => fits(input, axis, range))),
  );
}

/** `own` where both say something: a user knows better than a file. */
export function merged(limits: ConstraintData, own: ConstraintData): ConstraintData {
  const all = mapAxes(limits, (input, axes) =>
    Object.fromEntries(
      Object.entries(axes).map(([axis, range]) => [axis, { ...range, ...own[input]?.[axis] }]),
    ),
  );
  return mapAxes({ ...own, ...all }, (input, axes) => ({ ...own[input], ...axes }));
}

type Axes = ConstraintData[string];

function mapAxes(
  constraints: ConstraintData,
  map: (input: string, axes: Axes) => Axes,
): ConstraintData {
  const entries = Object.entries(constraints).map(([input, axes]) => [input, map(input, axes)]);
  return Object.fromEntries(entries) as ConstraintData;
}
