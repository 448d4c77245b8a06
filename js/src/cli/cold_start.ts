/** From the start of a process to its first result: this command starts itself anew. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InferError, summarize } from '../node.js';
import type { FirstResult } from '../bench/first_result.js';
import type {
  BenchResult,
  ColdStartFacts,
  Configuration,
  ConfigurationResult,
} from '../node_bench.js';

interface Start extends FirstResult {
  /** Milliseconds, seen from outside. */
  readonly total: number;
}

const FLAGS: readonly (keyof Configuration)[] = [
  ...(['batch', 'sequence', 'threads', 'provider', 'dtype', 'level'] as const),
];

/** The result with cold starts of each configuration that ran. What fails is told: the result is there all the same. */
export async function withColdStarts(
  result: BenchResult,
  count: number,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<BenchResult> {
  const configurations: ConfigurationResult[] = [];
  for (const each of result.configurations) {
    const { configuration, samples } = each;
    if (samples.length === 0 || signal.aborted) configurations.push(each);
    else {
      const cold = await coldStarts(configuration, count, signal).catch((error: unknown) => {
        onError(error);
        return {};
      });
      configurations.push({ ...each, ...cold });
    }
  }
  return { ...result, configurations };
}

async function coldStarts(
  configuration: Configuration,
  count: number,
  signal: AbortSignal,
): Promise<{ coldStart?: ColdStartFacts }> {
  const starts: Start[] = [];
  // The first one brings files into the system's memory; it does not count.
  for (let i = 0; i <= count && !signal.aborted; i += 1) {
    const started = await start(argumentsFor(configuration), signal);
    if (i > 0 && started) starts.push(started);
  }
  if (starts.length === 0) return {};
  const samples = starts.map(({ total }) => total);
  const median = async (values: readonly number[]) =>
    (await summarize(Float64Array.from(values))).median;
  const phases: Record<string, number> = {};
  for (const name of Object.keys(starts[0]?.phases ?? {})) {
    phases[name] = await median(starts.map((each) => each.phases[name] ?? 0));
  }
  const memoryBytes = await median(starts.map((each) => each.memoryBytes ?? 0));
  const total = await summarize(Float64Array.from(samples));
  return { coldStart: { total, samples, phases, memoryBytes } };
}

/** This command's own arguments; what stands last counts. */
function argumentsFor(configuration: Configuration): string[] {
  const given = process.argv.slice(2);
  const flags = FLAGS.flatMap((axis) => {
    const value = configuration[axis];
    return value === null ? [] : [`--${axis}`, String(value)];
  });
  const end = given.indexOf('--');
  const at = end < 0 ? given.length : end;
  return [...given.slice(0, at), ...flags, '--first-result', ...given.slice(at)];
}

function parsed(text: string): FirstResult | undefined {
  try {
    return JSON.parse(text) as FirstResult;
  } catch {
    return undefined;
  }
}

/** Undefined where it was told to stop. */
function start(args: readonly string[], signal: AbortSignal): Promise<Start | undefined> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const script = fileURLToPath(import.meta.url).replace(/[^\\/]*$/, 'cli.js');
    const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stop = (): void => {
      child.kill('SIGKILL');
    };
    signal.addEventListener('abort', stop);
    let stdout = '';
    let stderr = '';
    let total: number | undefined;
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      total ??= performance.now() - begun;
      stdout += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      const result = code === 0 ? parsed(stdout) : undefined;
      if (signal.aborted) resolve(undefined);
      else if (result && total !== undefined) resolve({ ...result, total });
      else {
        const message = `a process that was started for its first result ended with ${String(code)}: ${stderr.trim()}`;
        reject(new InferError({ code: 'RUNTIME_ERROR', message }));
      }
    });
  });
}
