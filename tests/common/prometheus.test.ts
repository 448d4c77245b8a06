/** The text that Prometheus scrapes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor, toPrometheus } from 'infercore';
import type { SessionMetrics } from 'infercore';
import { errorOf, faultsOf, model } from './models';

let metrics: SessionMetrics;
let session: InferenceSession;
beforeAll(async () => {
  session = await InferenceSession.create(model('identity-float32'));
  for (let i = 0; i < 3; i += 1) await session.run({ x: new Tensor('float32', [1, 2], [2]) });
  await errorOf(session.run({}), 'INVALID_INPUT');
  metrics = await session.metrics();
});
afterAll(() => session.dispose());

const linesOf = (text: string, name: string) =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
const value = (line: string | undefined) => Number(line?.split(' ').at(-1));

describe('the text', () => {
  test('has counters and gauges', () => {
    const text = toPrometheus(metrics);
    expect(text).toContain(
      '# HELP infercore_runs_total Runs that succeeded.\n# TYPE infercore_runs_total counter\ninfercore_runs_total 3\n',
    );
    expect(text).toContain('\ninfercore_errors_total{code="INVALID_INPUT"} 1\n');
    expect(text).toContain('# TYPE infercore_runs_in_flight gauge\ninfercore_runs_in_flight 0\n');
    expect(text).toContain('\ninfercore_items_total 6\n');
    expect(text).toContain('\ninfercore_input_bytes_total 24\n');
  });

  test('is made of lines of the format alone, each metric declared once', () => {
    const text = toPrometheus(metrics, { model: 'a' });
    expect(text.endsWith('\n')).toBe(true);
    const declared = new Set<string>();
    for (const line of text.slice(0, -1).split('\n')) {
      const type = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line)?.[1];
      if (type !== undefined) {
        expect(declared.has(type)).toBe(false);
        declared.add(type);
      } else {
        expect(line).toMatch(
          /^(# HELP \w+ \S.*|[a-z_]+\{([a-z]+="[^"]*",?)+\} (\d+(\.\d+)?(e-\d+)?))$/,
        );
      }
    }
    expect(declared.size).toBe(14);
  });

  test('has histograms in seconds: cumulative, up to +Inf, which is the count', () => {
    const text = toPrometheus(metrics);
    const buckets = linesOf(text, 'infercore_run_seconds_bucket');
    const bounds = buckets.map((line) => /le="([^"]+)"/.exec(line)?.[1]);
    expect(bounds.at(-1)).toBe('+Inf');
    expect(bounds).toContain('0.001');
    expect(bounds).toContain('1.024');
    const counts = buckets.map(value);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(3);
    expect(value(linesOf(text, 'infercore_run_seconds_count')[0])).toBe(3);
    expect(value(linesOf(text, 'infercore_run_seconds_sum')[0])).toBeCloseTo(
      metrics.runMs.sum / 1000,
      12,
    );
  });

  test('names each metric once for several sessions', () => {
    const text = toPrometheus([
      { metrics, labels: { model: 'a' } },
      { metrics, labels: { model: 'b', zone: '1' } },
    ]);
    expect(text.split('# TYPE infercore_runs_total').length).toBe(2);
    expect(linesOf(text, 'infercore_runs_total')).toEqual([
      'infercore_runs_total{model="a"} 3',
      'infercore_runs_total{model="b",zone="1"} 3',
    ]);
  });
});

describe('labels', () => {
  test('are escaped', () => {
    const [line] = linesOf(toPrometheus(metrics, { path: 'C:\\a "b"\nc' }), 'infercore_runs_total');
    expect(line).toBe(String.raw`infercore_runs_total{path="C:\\a \"b\"\nc"} 3`);
  });

  test('that can not be are all told', async () => {
    const labels = { 'a-b': 'x', le: '1', code: 'x', __own: 'x', ok: 5 } as unknown as Record<
      string,
      string
    >;
    const faults = await faultsOf(
      Promise.resolve().then(() => toPrometheus(metrics, labels)),
      'INVALID_OPTION',
    );
    expect(faults).toHaveLength(5);
    expect(faults[0]).toContain('received "a-b"');
    expect(faults[4]).toBe('expected a string for label ok, received 5');
  });
});
