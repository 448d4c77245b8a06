import { AXES } from './configuration.js';
import type { BenchResult, ConfigurationResult } from './result.js';

type Cell = string | number | undefined | null;

const PHASES = ['download', 'open', 'read', 'create', 'firstRun', 'warmup'];
const STATISTICS = [
  ...['n', 'mean', 'sd', 'cv', 'median', 'mad', 'min', 'max'],
  ...['p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'outliers'],
] as const;
const PARTS = ['tokenize', 'run', 'postProcess'];

/** The columns, each with how its cell is found. */
const COLUMNS: readonly (readonly [string, (result: ConfigurationResult) => Cell])[] = [
  ['id', ({ id }) => id],
  ...AXES.map((axis) => [axis, of((result) => result.configuration[axis])] as const),
  ['status', ({ status }) => status],
  ['stopped', ({ stopped }) => stopped],
  ['providers', ({ used }) => used?.providers.join(' ')],
  ...PHASES.map((phase) => [`${phase}_ms`, of(({ phases }) => phases[phase])] as const),
  ...STATISTICS.map(
    (name) =>
      [
        ['n', 'cv', 'outliers'].includes(name) ? name : `${name}_ms`,
        of(({ latency }) => (latency as Record<string, number> | undefined)?.[name]),
      ] as const,
  ),
  ['median_ci95_low_ms', ({ latency }) => latency?.medianCi95[0]],
  ['median_ci95_high_ms', ({ latency }) => latency?.medianCi95[1]],
  ...PARTS.map((part) => [`${part}_median_ms`, of(({ parts }) => parts[part]?.median)] as const),
  ['items_per_second', ({ throughput }) => throughput?.itemsPerSecond],
  ['tokens_per_second', ({ throughput }) => throughput?.tokensPerSecond],
  ['padding_waste', ({ throughput }) => throughput?.paddingWaste],
  ['memory_loaded_bytes', ({ memory }) => memory?.loaded],
  ['memory_after_runs_bytes', ({ memory }) => memory?.afterRuns],
  ['arrivals_per_second', ({ arrivals }) => arrivals?.rate],
  ['arrivals_median_ms', ({ arrivals }) => arrivals?.latency?.median],
  ['arrivals_p95_ms', ({ arrivals }) => arrivals?.latency?.p95],
  ['arrivals_p99_ms', ({ arrivals }) => arrivals?.latency?.p99],
  ['arrivals_unanswered', ({ arrivals }) => arrivals?.unanswered],
  ['loop_delay_p95_ms', ({ eventLoop }) => eventLoop?.delay?.p95],
  ['loop_delay_max_ms', ({ eventLoop }) => eventLoop?.delay?.max],
  ['cold_start_median_ms', ({ coldStart }) => coldStart?.total?.median],
  ['matches', ({ digest }) => digest && String(digest.matches)],
  [
    'max_abs',
    ({ digest }) =>
      extreme(
        digest?.outputs.map(({ maxAbs }) => maxAbs),
        Math.max,
      ),
  ],
  [
    'cosine',
    ({ digest }) =>
      extreme(
        digest?.outputs.map(({ cosine }) => cosine),
        Math.min,
      ),
  ],
  ['warnings', ({ warnings }) => warnings.map(({ code }) => code).join(' ')],
  ['error', ({ error }) => error && `${error.code}: ${error.message}`],
];

function of(find: (result: ConfigurationResult) => Cell): (result: ConfigurationResult) => Cell {
  return find;
}

function extreme(
  values: readonly (number | undefined)[] | undefined,
  choose: (...numbers: number[]) => number,
): number | undefined {
  const known = values?.filter((value) => value !== undefined) ?? [];
  return known.length > 0 ? choose(...known) : undefined;
}

/** As RFC 4180 has it. What a spreadsheet would take for a formula is kept from being one. */
function written(cell: Cell): string {
  if (cell === undefined || cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The result as a table for spreadsheets: a line a configuration, all numbers with all their digits, without units.
 *
 * @example
 * const result = await benchmark('model.onnx', { batch: 1, runs: 5, minMs: 0, warmupMs: 0 });
 * toCsv(result).split('\r\n').length; // 3
 */
export function toCsv({ configurations }: BenchResult): string {
  const lines = [
    COLUMNS.map(([title]) => title),
    ...configurations.map((result) => COLUMNS.map(([, find]) => written(find(result)))),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}
