import { expect, test } from '@jest/globals';
import { readProfile } from 'infercore/bench';
import { failure } from './failure';

const run = (ts: number, dur: number) => ({ cat: 'Session', name: 'model_run', ts, dur, args: {} });

function node(
  name: string,
  op_name: string,
  ts: number,
  dur: number,
  { provider = 'CPUExecutionProvider', tid = 1, ...more }: Record<string, unknown> = {},
) {
  const args = { op_name, provider, ...more };
  return { cat: 'Node', name: `${name}_kernel_time`, tid, ts, dur, args };
}

test('times of operators and of nodes, the longest first', () => {
  const profile = readProfile([
    { cat: 'Session', name: 'session_initialization', ts: 0, dur: 500, args: {} },
    run(1000, 100),
    node('a', 'MatMul', 1010, 50, { output_size: '64' }),
    node('b', 'Add', 1060, 10),
    { ...node('a', 'MatMul', 1009, 1), name: 'a_fence_before' },
    run(2000, 100),
    node('a', 'MatMul', 2010, 30, { output_size: '128' }),
    node('b', 'Add', 2060, 6),
    node('c', 'Add', 2070, 4, { provider: 'CUDAExecutionProvider' }),
  ]);
  expect(profile).toEqual({
    runs: 2,
    runMs: 0.2,
    nodeMs: 0.1,
    operators: [
      { operator: 'MatMul', provider: 'cpu', nodes: 1, calls: 2, ms: 0.08, share: 0.8 },
      { operator: 'Add', provider: 'cpu', nodes: 1, calls: 2, ms: 0.016, share: 0.16 },
      { operator: 'Add', provider: 'cuda', nodes: 1, calls: 1, ms: 0.004, share: 0.04 },
    ],
    nodes: [
      {
        name: 'a',
        operator: 'MatMul',
        provider: 'cpu',
        calls: 2,
        ms: 0.08,
        share: 0.8,
        outputBytes: 128,
      },
      { name: 'b', operator: 'Add', provider: 'cpu', calls: 2, ms: 0.016, share: 0.16 },
      { name: 'c', operator: 'Add', provider: 'cuda', calls: 1, ms: 0.004, share: 0.04 },
    ],
  });
});

test('runs at the beginning may be left out', () => {
  const events = [
    run(2000, 100),
    node('a', 'MatMul', 2010, 10),
    run(1000, 900),
    node('a', 'MatMul', 1010, 800),
  ];
  const { runs, runMs, nodeMs } = readProfile(events, { skipRuns: 1 });
  expect([runs, runMs, nodeMs]).toEqual([1, 0.1, 0.01]);
});

test('what runs inside a node is not its own time', () => {
  const { nodes } = readProfile([
    run(0, 100),
    node('inner', 'MatMul', 20, 30),
    node('inner', 'MatMul', 50, 40),
    node('loop', 'Loop', 10, 90),
    // At the same moment on another thread: beside it, not inside.
    node('beside', 'Add', 20, 60, { tid: 2 }),
  ]);
  expect(nodes.map(({ name, ms }) => [name, ms])).toEqual([
    ['inner', 0.07],
    ['beside', 0.06],
    ['loop', 0.02],
  ]);
});

test('nodes without names are told apart by their number', () => {
  const { nodes, operators } = readProfile([
    run(0, 100),
    node('', 'Add', 10, 1, { node_index: '1' }),
    node('', 'Add', 20, 1, { node_index: '2' }),
  ]);
  expect(nodes).toHaveLength(2);
  expect(operators).toMatchObject([{ operator: 'Add', nodes: 2, calls: 2 }]);
});

test('a file of it is read as it is', () => {
  const text = JSON.stringify([run(0, 10), node('a', 'Add', 1, 2)]);
  expect(readProfile(text).operators).toHaveLength(1);
});

test('a run without nodes: everything was folded away', () => {
  expect(readProfile([run(0, 10)])).toMatchObject({ nodeMs: 0, operators: [], nodes: [] });
});

const wrong: [what: string, trace: unknown, message: string][] = [
  ['text that is no JSON', '[{"cat": "Node",', 'the text is no JSON'],
  ['an object', { events: [] }, 'expected an array of events, received an object'],
  ['null', null, 'expected an array of events, received null'],
  ['other events', [run(0, 1), { ph: 'M' }], 'event 1 has no cat, name, ts and dur'],
  ['a number among them', [7], 'event 0 has no cat, name, ts and dur'],
  ['a time that is none', [{ ...run(0, 1), dur: 'x' }], 'event 0 has no cat, name, ts and dur'],
];
test('what is no profile is said to be none', async () => {
  for (const [what, trace, reason] of wrong) {
    const { code, message } = await failure(() => readProfile(trace));
    expect([what, code]).toEqual([what, 'INVALID_INPUT']);
    expect(message).toContain(`this is no profile of ONNX Runtime: ${reason} (`);
  }
});

test('a profile without a run that counts', async () => {
  const none = await failure(() => readProfile([]));
  expect(none.code).toBe('INVALID_INPUT');
  expect(none.message).toContain('expected a profile of more than 0 runs, received one of 0');
  const few = await failure(() => readProfile([run(0, 1)], { skipRuns: 1 }));
  expect(few.message).toContain('expected a profile of more than 1 runs, received one of 1');
  for (const skipRuns of [-1, 0.5, NaN]) {
    const { code } = await failure(() => readProfile([run(0, 1)], { skipRuns }));
    expect(code).toBe('INVALID_OPTION');
  }
});
