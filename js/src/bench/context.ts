import { loadCore } from '../core.js';
import { isObject } from '../option.js';
import type { SessionReport } from '../report.js';
import { currentRuntime } from '../runtime.js';
import type { SessionOptions } from '../session_options.js';
import { Fingerprint } from './fingerprint.js';
import type { ModelUnderTest } from './model.js';
import type { BenchSettings } from './options.js';
import type { BenchContext, ModelFacts } from './result.js';
import { currentSurroundings } from './surroundings.js';

/** The version of package.json, put in by the bundler. */
declare const __VERSION__: string;

interface Known {
  readonly model: ModelUnderTest;
  readonly files: readonly ModelFacts[];
  readonly settings: BenchSettings;
  readonly runtime: SessionReport['runtime'] | undefined;
  readonly resolutionMs: number;
  readonly load: number | undefined;
  readonly date: Date;
}

/** What the numbers depend on, kept beside them. */
export async function contextOf(known: Known): Promise<BenchContext> {
  const { model, files, settings, runtime, resolutionMs, load, date } = known;
  const { measure, texts, wishes } = settings;
  const { isolated, ...surroundings } = currentSurroundings();
  const { budgetMs, warmups, warmupMs, runs, minMs, maxRuns } = measure;
  return {
    date: date.toISOString(),
    versions: {
      infercore: __VERSION__,
      runtime: runtime ? `${runtime.name} ${runtime.version}` : 'unknown',
    },
    target: currentRuntime().target,
    core: { ...(await loadCore()).report },
    machine: await surroundings.machine(),
    ...(isolated !== undefined && { isolated }),
    timerResolutionMs: resolutionMs,
    ...(load !== undefined && { loadBefore: load }),
    model: { name: model.name, files },
    inputs: {
      ...(texts
        ? { kind: 'texts', texts: texts.length }
        : { kind: Object.keys(wishes.given).length > 0 ? 'given' : 'made' }),
      sum: sumOf(settings),
    },
    seed: wishes.seed,
    options: {
      ...{ warmups, warmupMs, runs, minMs, maxRuns },
      ...(budgetMs !== Infinity && { budgetMs }),
      session: plain(settings.session),
    },
  };
}

function sumOf({ texts = [], wishes }: BenchSettings): string {
  const sum = new Fingerprint();
  for (const text of texts) sum.add(text);
  for (const [name, { type, dims, data }] of Object.entries(wishes.given)) {
    sum.add(`${name} ${type} [${dims.join()}]`);
    if (Array.isArray(data)) for (const text of data) sum.add(text);
    else sum.add(data);
  }
  const { dimensions, vocabularySize } = wishes;
  return sum.add(JSON.stringify([dimensions, vocabularySize ?? null])).toString();
}

/** Functions and bytes are left out, and whatever JSON does not know. */
function plain(options: SessionOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => {
      const scalar = ['string', 'number', 'boolean'].includes(typeof value);
      return scalar || (isObject(value) && isPlain(value));
    }),
  );
}

function isPlain(value: unknown): boolean {
  try {
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'function' || typeof part === 'bigint' || ArrayBuffer.isView(part)) {
        throw new TypeError('no plain data');
      }
      return part;
    });
    return true;
  } catch {
    return false;
  }
}
