import { describe } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import type { Durations } from './histogram.js';
import type { SessionMetrics } from './metrics.js';
import { isObject } from './option.js';

/** Of one session among several. */
export interface LabeledMetrics {
  readonly metrics: SessionMetrics;
  /** Names of letters, digits and _; `code` and `le` are ours. */
  readonly labels?: Readonly<Record<string, string>>;
}

type Kind = 'counter' | 'gauge' | 'histogram';

interface Family {
  readonly name: string;
  readonly kind: Kind;
  readonly help: string;
  /** Suffix of the name, labels, value. */
  readonly samples: (metrics: SessionMetrics) => readonly Sample[];
}
type Sample = readonly [suffix: string, labels: Readonly<Record<string, string>>, value: number];

function plain(
  name: string,
  kind: 'counter' | 'gauge',
  help: string,
  value: (metrics: SessionMetrics) => number,
): Family {
  return { name, kind, help, samples: (metrics) => [['', {}, value(metrics)]] };
}

/** In seconds, as Prometheus counts time. */
function durations(name: string, help: string, of: (metrics: SessionMetrics) => Durations): Family {
  return {
    name,
    kind: 'histogram',
    help,
    samples: (metrics) => {
      const { buckets, count, sum } = of(metrics);
      return [
        ...buckets.map(({ below, count }): Sample => [
          '_bucket',
          { le: String(below / 1000) },
          count,
        ]),
        ['_bucket', { le: '+Inf' }, count],
        ['_sum', {}, sum / 1000],
        ['_count', {}, count],
      ];
    },
  };
}

const FAMILIES: readonly Family[] = [
  plain('infercore_runs_total', 'counter', 'Runs that succeeded.', ({ runs }) => runs),
  {
    name: 'infercore_errors_total',
    kind: 'counter',
    help: 'Runs that failed, by the code of their error.',
    samples: ({ errors }) =>
      Object.entries(errors).map(([code, count]): Sample => ['', { code }, count]),
  },
  plain('infercore_runs_in_flight', 'gauge', 'Runs under way.', ({ inFlight }) => inFlight),
  plain('infercore_runs_queued', 'gauge', 'Runs that wait for their turn.', ({ queued }) => queued),
  plain('infercore_items_total', 'counter', 'Rows of the runs.', ({ items }) => items),
  plain('infercore_tokens_total', 'counter', 'Tokens of the runs.', ({ tokens }) => tokens),
  plain('infercore_input_bytes_total', 'counter', 'Bytes fed.', ({ bytes }) => bytes.in),
  plain('infercore_output_bytes_total', 'counter', 'Bytes given.', ({ bytes }) => bytes.out),
  plain(
    'infercore_batch_elements_total',
    'counter',
    'Rows times length of what was put together, padding included.',
    ({ padding }) => padding.fed,
  ),
  plain(
    'infercore_batch_padding_elements_total',
    'counter',
    'Padding of what was put together.',
    ({ padding }) => padding.padded,
  ),
  plain('infercore_slow_runs_total', 'counter', 'Slow runs.', ({ slowRuns }) => slowRuns),
  durations('infercore_latency_seconds', 'From the call to the answer.', (m) => m.latencyMs),
  durations('infercore_queue_seconds', 'Waiting for the turn.', (m) => m.queueMs),
  durations('infercore_run_seconds', 'From the turn to the answer.', (m) => m.runMs),
];

/**
 * Metrics as the text that Prometheus scrapes (text/plain; version=0.0.4). Several sessions belong into one text, since
 * it may name each metric once: give a list, with labels that tell the sessions apart.
 *
 * @throws InferError INVALID_OPTION with all labels that can't be
 * @example
 * toPrometheus(await session.metrics(), { model: 'minilm' });
 * toPrometheus([{ metrics: await session.metrics(), labels: { model: 'minilm' } }]);
 */
export function toPrometheus(
  metrics: SessionMetrics,
  labels?: Readonly<Record<string, string>>,
): string;
export function toPrometheus(sessions: readonly LabeledMetrics[]): string;
export function toPrometheus(
  given: SessionMetrics | readonly LabeledMetrics[],
  labels: Readonly<Record<string, string>> = {},
): string {
  const sessions = isList(given) ? given : [{ metrics: given, labels }];
  checkLabels(sessions);
  return FAMILIES.map((family) => textOf(family, sessions)).join('');
}

function isList(
  given: SessionMetrics | readonly LabeledMetrics[],
): given is readonly LabeledMetrics[] {
  return Array.isArray(given);
}

function checkLabels(sessions: readonly LabeledMetrics[]): void {
  const faults = new Faults('INVALID_OPTION');
  for (const { labels = {} } of sessions) {
    if (!isObject(labels)) {
      faults.add(
        'labels',
        `expected an object of strings for labels, received ${describe(labels)}`,
      );
      continue;
    }
    for (const [name, value] of Object.entries(labels)) {
      if (!/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name === 'le' || name === 'code') {
        faults.add(
          `labels.${name}`,
          `expected a label's name of letters, digits and _ that is not le, code or begins with __, received ${describe(name)}`,
        );
      }
      if (typeof value !== 'string') {
        faults.add(
          `labels.${name}`,
          `expected a string for label ${name}, received ${describe(value)}`,
        );
      }
    }
  }
  if (faults.list.length > 0) throw new InferError(failureOf('invalid labels', faults.list));
}

function textOf(
  { name, kind, help, samples }: Family,
  sessions: readonly LabeledMetrics[],
): string {
  const lines = sessions.flatMap(({ metrics, labels = {} }) =>
    samples(metrics).map(
      ([suffix, own, value]) => `${name}${suffix}${braced({ ...labels, ...own })} ${value}\n`,
    ),
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

function braced(labels: Readonly<Record<string, string>>): string {
  const list = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`);
  return list.length > 0 ? `{${list.join(',')}}` : '';
}

function escapedLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
