/** How results are shown to people: the same cells in Markdown and in a terminal. */
import { AXES, type Axis } from './configuration.js';
import type { BenchResult, ConfigurationResult } from './result.js';

/** Milliseconds, seconds or microseconds, with three digits. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${short(ms / 1000)} s`;
  return ms >= 0.1 || ms === 0 ? `${short(ms)} ms` : `${short(ms * 1000)} µs`;
}

/** Three digits, thousands apart. */
export function short(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

export function bytes(count: number): string {
  return `${short(count / 1e6)} MB`;
}

export interface TableColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cell: (result: ConfigurationResult) => string;
}

const NONE = '–';

/** Axes along which nothing changes say nothing. */
export function changingAxes({ configurations }: BenchResult): Axis[] {
  const changing = AXES.filter(
    (axis) => new Set(configurations.map(({ configuration }) => configuration[axis])).size > 1,
  );
  return changing.length > 0 ? changing : ['batch', 'sequence'];
}

/** What all configurations have in common, in words: `provider cpu, level all`. */
export function commonAxes(result: BenchResult): string {
  const changing = changingAxes(result);
  const [first] = result.configurations;
  return AXES.filter((axis) => !changing.includes(axis))
    .flatMap((axis) => {
      const value = first?.configuration[axis] ?? null;
      return value === null ? [] : [`${axis} ${value}`];
    })
    .join(', ');
}

function mark({ best }: BenchResult, { id, digest, status }: ConfigurationResult): string {
  if (status === 'failed') return 'failed';
  if (digest?.matches === false) return 'WRONG';
  const names = [
    ...(best.latency?.id === id ? ['best latency'] : []),
    ...(best.throughput?.id === id ? ['best throughput'] : []),
    ...(status === 'complete' ? [] : [status]),
  ];
  return names.join(', ');
}

type Find = (result: ConfigurationResult) => number | undefined;

function column(title: string, find: Find, shown: (value: number) => string): TableColumn {
  const cell = (result: ConfigurationResult): string => {
    const value = find(result);
    return value === undefined ? NONE : shown(value);
  };
  return { title, align: 'right', cell };
}

const time = (title: string, find: Find) => column(title, find, duration);
const count = (title: string, find: Find) => column(title, find, short);

/** Latency and throughput of each configuration. */
export function latencyColumns(result: BenchResult): TableColumn[] {
  const columns: TableColumn[] = [
    ...axisColumns(result),
    time('median', ({ latency }) => latency?.median),
    {
      title: '95 % CI',
      align: 'right',
      cell: ({ latency }) => (latency ? latency.medianCi95.map(duration).join(' – ') : NONE),
    },
    time('p95', ({ latency }) => latency?.p95),
    time('p99', ({ latency }) => latency?.p99),
    count('n', ({ latency }) => latency?.n),
    count('items/s', ({ throughput }) => throughput?.itemsPerSecond),
    count('tokens/s', ({ throughput }) => throughput?.tokensPerSecond),
    { title: '', align: 'left', cell: (each) => mark(result, each) },
  ];
  return withContent(columns, result);
}

/** Phases of each configuration, and the parts of its runs. */
export function phaseColumns(result: BenchResult): TableColumn[] {
  const phase = (title: string, name: string) => time(title, ({ phases }) => phases[name]);
  const part = (title: string, name: string) => time(title, ({ parts }) => parts[name]?.median);
  const columns: TableColumn[] = [
    ...axisColumns(result),
    phase('download', 'download'),
    phase('spawn', 'spawn'),
    phase('read', 'read'),
    phase('create', 'create'),
    phase('open, all', 'open'),
    phase('first run', 'firstRun'),
    phase('warm-up', 'warmup'),
    part('tokenize', 'tokenize'),
    part('run', 'run'),
    part('post-process', 'postProcess'),
    column('memory', ({ memory }) => memory?.afterRuns, bytes),
    time('cold start', ({ coldStart }) => coldStart?.total?.median),
  ];
  return withContent(columns, result);
}

/** Requests that came at random, and the event loop; nothing where nobody asked for them. */
export function loadColumns(result: BenchResult): TableColumn[] {
  const { configurations } = result;
  if (!configurations.some(({ arrivals, eventLoop }) => arrivals ?? eventLoop)) return [];
  const columns: TableColumn[] = [
    ...axisColumns(result),
    count('requests/s', ({ arrivals }) => arrivals?.rate),
    time('median', ({ arrivals }) => arrivals?.latency?.median),
    time('p95', ({ arrivals }) => arrivals?.latency?.p95),
    time('p99', ({ arrivals }) => arrivals?.latency?.p99),
    count('unanswered', ({ arrivals }) => arrivals?.unanswered),
    time('loop delay, p95', ({ eventLoop }) => eventLoop?.delay?.p95),
    time('loop delay, max', ({ eventLoop }) => eventLoop?.delay?.max),
    time('idle, max', ({ eventLoop }) => eventLoop?.idle?.max),
  ];
  return withContent(columns, result);
}

function axisColumns(result: BenchResult): TableColumn[] {
  return changingAxes(result).map((axis) => ({
    title: axis,
    align: typeof result.configurations[0]?.configuration[axis] === 'number' ? 'right' : 'left',
    cell: ({ configuration }) => String(configuration[axis] ?? NONE),
  }));
}

/** Columns that say nothing of any configuration are left out. */
function withContent(columns: TableColumn[], { configurations }: BenchResult): TableColumn[] {
  return columns.filter(({ cell }) =>
    configurations.some((each) => !['', NONE].includes(cell(each))),
  );
}

/** By what changes: the rest is said once. */
export function labelOf(result: BenchResult, id: string): string {
  const configuration = result.configurations.find((each) => each.id === id)?.configuration;
  const parts = changingAxes(result).flatMap((axis) => {
    const value = configuration?.[axis] ?? null;
    return value === null ? [] : [`${axis}=${value}`];
  });
  return parts.length > 0 ? parts.join(' ') : id;
}

/** Which configuration is best for what, in a sentence each. */
export function bestSentences(result: BenchResult): string[] {
  const { best, configurations } = result;
  if (configurations.length < 2) return [];
  const find = (id: string) => configurations.find((each) => each.id === id);
  const label = (id: string) => labelOf(result, id);
  const ties = (tied: readonly string[]) =>
    tied.length > 0 ? `; no difference to ${tied.map(label).join(', ')}` : '';
  const sentences: string[] = [];
  if (best.latency) {
    const { id, tied } = best.latency;
    const median = duration(find(id)?.latency?.median ?? 0);
    sentences.push(`Lowest latency: ${label(id)} (median ${median}${ties(tied)}).`);
  }
  if (best.throughput) {
    const { id, tied } = best.throughput;
    const rate = short(find(id)?.throughput?.itemsPerSecond ?? 0);
    sentences.push(`Highest throughput: ${label(id)} (${rate} items/s${ties(tied)}).`);
  }
  return sentences;
}

/** Warnings of the whole, then those of configurations, the same one of several once. */
export function warningSentences(result: BenchResult): string[] {
  const { warnings, configurations } = result;
  const byWords = new Map<string, string[]>();
  const add = (words: string, id: string | undefined) => {
    const ids = byWords.get(words) ?? [];
    byWords.set(words, id === undefined ? ids : [...ids, labelOf(result, id)]);
  };
  for (const { message, hint } of warnings) add(hint ? `${message} (${hint})` : message, undefined);
  for (const { id, warnings: own, error } of configurations) {
    if (error) add(`it failed: ${error.message}`, id);
    for (const { message, hint } of own) add(hint ? `${message} (${hint})` : message, id);
  }
  return [...byWords].map(([words, ids]) =>
    ids.length > 0 ? `${ids.join('; ')}: ${words}` : words,
  );
}
