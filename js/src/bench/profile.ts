import { describe } from '../describe.js';
import { InferError } from '../error.js';
import { isObject } from '../option.js';
import { providerName } from '../providers.js';

/** What a profile tells of all nodes of one operator on one provider. Milliseconds are those of all runs together. */
export interface OperatorTime {
  /** "MatMul", "com.microsoft.Gelu" by its bare name: "Gelu". */
  readonly operator: string;
  /** As onnxruntime-common calls it: "cpu". */
  readonly provider: string;
  readonly nodes: number;
  /** How often they ran. */
  readonly calls: number;
  /** Without what ran inside them, as the body of a Loop does. */
  readonly ms: number;
  /** Of the time of all nodes, 0 to 1. */
  readonly share: number;
}

/** The same of one node. */
export interface NodeTime {
  readonly name: string;
  readonly operator: string;
  readonly provider: string;
  readonly calls: number;
  readonly ms: number;
  readonly share: number;
  /** Of what it made the last time; absent where the profile does not tell. */
  readonly outputBytes?: number;
}

/** Where the time of a model's runs goes. */
export interface RunProfile {
  readonly runs: number;
  /** Of all runs together, from their begin to their end. */
  readonly runMs: number;
  /** Of it, in nodes. The rest is the runtime's own; nodes that run beside each other can make it more. */
  readonly nodeMs: number;
  /** What took longest comes first. */
  readonly operators: readonly OperatorTime[];
  readonly nodes: readonly NodeTime[];
}

interface ProfileEvent {
  readonly category: string;
  readonly name: string;
  readonly thread: unknown;
  /** Microseconds. */
  readonly begin: number;
  readonly end: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A node's event with the time of those inside it taken off. */
interface NodeEvent extends ProfileEvent {
  own: number;
}

/**
 * Reads a profile of ONNX Runtime, the file that `endProfiling()` writes: which operators and which nodes take the time
 * of a run, and on which provider. The file itself is what Perfetto and chrome://tracing show.
 *
 * @param trace the file's text, or what JSON.parse makes of it
 * @param options `skipRuns`: how many runs at the beginning do not count, since first runs take longer. Default 0.
 * @throws InferError INVALID_INPUT for what is no such profile, and for one without a run that counts; INVALID_OPTION
 * @example
 * const { operators } = readProfile([
 *   { cat: 'Session', name: 'model_run', ts: 0, dur: 100, args: {} },
 *   {
 *     cat: 'Node', name: 'dense_kernel_time', ts: 10, dur: 80,
 *     args: { op_name: 'MatMul', provider: 'CPUExecutionProvider' },
 *   },
 * ]);
 * operators[0]; // { operator: 'MatMul', provider: 'cpu', nodes: 1, calls: 1, ms: 0.08, share: 1 }
 */
export function readProfile(trace: unknown, options: { skipRuns?: number } = {}): RunProfile {
  const { skipRuns = 0 } = options;
  if (!Number.isSafeInteger(skipRuns) || skipRuns < 0) {
    throw new InferError({
      code: 'INVALID_OPTION',
      message: `expected a whole number ≥ 0 for skipRuns, received ${describe(skipRuns)}`,
    });
  }
  const events = eventsOf(trace);
  const runs = events.filter(isRun).sort((a, b) => a.begin - b.begin);
  const counted = runs.slice(skipRuns);
  if (counted.length === 0) {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `expected a profile of more than ${skipRuns} runs, received one of ${runs.length}`,
      hint: 'run the session between its creation with enableProfiling: true and endProfiling()',
    });
  }
  const since = runs.slice(0, skipRuns).reduce((latest, { end }) => Math.max(latest, end), 0);
  const nodes = ownTimes(events.filter((event) => isNode(event) && event.begin >= since));
  const sum = nodes.reduce((total, { own }) => total + own, 0);
  return {
    runs: counted.length,
    runMs: counted.reduce((total, { begin, end }) => total + (end - begin), 0) / 1000,
    nodeMs: sum / 1000,
    operators: operatorTimes(nodes, sum),
    nodes: nodeTimes(nodes, sum),
  };
}

const KERNEL = '_kernel_time';
const isRun = ({ category, name }: ProfileEvent): boolean =>
  category === 'Session' && name === 'model_run';
/** A node has events of other names, too, for what happens before and after it. */
const isNode = ({ category, name }: ProfileEvent): boolean =>
  category === 'Node' && name.endsWith(KERNEL);

function eventsOf(trace: unknown): ProfileEvent[] {
  const list = typeof trace === 'string' ? parsed(trace) : trace;
  if (!Array.isArray(list)) {
    throw notAProfile(`expected an array of events, received ${describe(list)}`);
  }
  return list.map((event: unknown, i) => {
    const { cat, name, ts, dur, tid, args = {} } = isObject(event) ? event : {};
    if (
      typeof cat !== 'string' ||
      typeof name !== 'string' ||
      !isTime(ts) ||
      !isTime(dur) ||
      !isObject(args)
    ) {
      throw notAProfile(`event ${i} has no cat, name, ts and dur`);
    }
    return { category: cat, name, thread: tid, begin: ts, end: ts + dur, facts: args };
  });
}

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notAProfile('the text is no JSON', error);
  }
}

function notAProfile(reason: string, cause?: unknown): InferError {
  return new InferError(
    {
      code: 'INVALID_INPUT',
      message: `this is no profile of ONNX Runtime: ${reason}`,
      hint: 'endProfiling() of a session with enableProfiling: true gives the path of one',
    },
    { cause },
  );
}

/** On each thread events lie side by side or one in the other. */
function ownTimes(events: readonly ProfileEvent[]): NodeEvent[] {
  const sorted = [...events].sort((a, b) => a.begin - b.begin || b.end - a.end);
  const open = new Map<unknown, NodeEvent[]>();
  return sorted.map((event) => {
    const node = { ...event, own: event.end - event.begin };
    const around = open.get(event.thread) ?? [];
    while (around.length > 0 && (around.at(-1)?.end ?? 0) <= event.begin) around.pop();
    const outer = around.at(-1);
    if (outer) outer.own = Math.max(0, outer.own - node.own);
    around.push(node);
    open.set(event.thread, around);
    return node;
  });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const providerOf = ({ facts }: ProfileEvent): string => providerName(text(facts['provider']));
const operatorOf = ({ facts }: ProfileEvent): string => text(facts['op_name']);

/** Names need not be there, nor be different; numbers are those of one graph among several. */
const nodeKey = (node: ProfileEvent): string =>
  [node.name, text(node.facts['node_index']), operatorOf(node), providerOf(node)].join('\n');

function grouped(
  nodes: readonly NodeEvent[],
  keyOf: (node: NodeEvent) => string,
): [first: NodeEvent, all: NodeEvent[]][] {
  const groups = new Map<string, [NodeEvent, NodeEvent[]]>();
  for (const node of nodes) {
    const key = keyOf(node);
    const group = groups.get(key);
    if (group) group[1].push(node);
    else groups.set(key, [node, [node]]);
  }
  return [...groups.values()];
}

function times(all: readonly NodeEvent[], sum: number) {
  const own = all.reduce((total, node) => total + node.own, 0);
  return { calls: all.length, ms: own / 1000, share: sum > 0 ? own / sum : 0 };
}

const longestFirst = (a: { ms: number }, b: { ms: number }): number => b.ms - a.ms;

function operatorTimes(nodes: readonly NodeEvent[], sum: number): OperatorTime[] {
  const key = (node: NodeEvent) => `${operatorOf(node)}\n${providerOf(node)}`;
  return grouped(nodes, key)
    .map(([first, all]) => ({
      operator: operatorOf(first),
      provider: providerOf(first),
      nodes: grouped(all, nodeKey).length,
      ...times(all, sum),
    }))
    .sort(longestFirst);
}

function nodeTimes(nodes: readonly NodeEvent[], sum: number): NodeTime[] {
  return grouped(nodes, nodeKey)
    .map(([first, all]) => {
      const bytes = Number(all.at(-1)?.facts['output_size'] ?? NaN);
      return {
        name: first.name.slice(0, -KERNEL.length),
        operator: operatorOf(first),
        provider: providerOf(first),
        ...times(all, sum),
        ...(Number.isFinite(bytes) && { outputBytes: bytes }),
      };
    })
    .sort(longestFirst);
}
