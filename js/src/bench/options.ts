/** The options of benchmark(): checked all at once, lists made of single values. */
import type { InferenceSession as Ort } from 'onnxruntime-common';
import { describe } from '../describe.js';
import { InferError } from '../error.js';
import { failureOf } from '../fault.js';
import type { Dtype } from '../model_folder.js';
import {
  callback,
  expectOptions,
  flag,
  isObject,
  oneOf,
  recordOf,
  whole,
  type Check,
} from '../option.js';
import type { GraphLevel, SessionOptions } from '../session_options.js';
import { readFeeds, toTensor } from '../tensor.js';
import type { Configuration } from './configuration.js';
import type { Feeds, InputWishes } from './inputs.js';
import {
  MEASURE_CHECKS,
  measureSettings,
  type MeasureOptions,
  type MeasureSettings,
} from './measure.js';
import type { Sweep } from './plan.js';

type OneOrMore<T> = T | readonly T[];

/** How far a benchmark is. */
export interface BenchProgress {
  /** 'prepare': the model is brought, and the reference computes what is right. */
  readonly phase: 'prepare' | 'open' | 'warmup' | 'runs';
  /** Which configuration, from 1 on; 0 before the first. */
  readonly configuration: number;
  readonly of: number;
  readonly id?: string;
  readonly samples: number;
  /** Of all configurations: estimated. */
  readonly remainingMs?: number;
}

/** What is measured, and how. */
export interface BenchOptions extends Omit<MeasureOptions, 'onProgress'> {
  /** Rows of one run. Default 1, 4 and 16. */
  batch?: OneOrMore<number>;
  /** Tokens of a row. Default 128. */
  sequence?: OneOrMore<number>;
  /** Threads of one run. Default: the library's choice. In a page `env.wasm.numThreads` says it. */
  threads?: OneOrMore<number>;
  /** Execution providers, each measured alone. Default 'cpu', in WebAssembly 'wasm'. */
  provider?: OneOrMore<string>;
  /** Which of a folder's model files. Default 'fp32'. */
  dtype?: OneOrMore<Dtype>;
  /** Optimisation of the graph. Default 'all'. */
  level?: OneOrMore<GraphLevel>;
  /** Texts instead of tensors, through the folder's tokenizer and as a pipeline computes them; in turn, `batch` a run. */
  texts?: readonly string[];
  /** Tensors as they are. Inputs that are not among them are made from the model's signature. */
  inputs?: Ort.FeedsType;
  /** Sizes of the model's free dimensions, by their names. */
  dimensions?: Readonly<Record<string, number>>;
  /** Of ids that are made, where neither config.json nor the graph says how many there are. */
  vocabularySize?: number;
  /** Of whatever is random. Default 1. */
  seed?: number;
  /** How far an output may be from the reference's: |a − b| ≤ tolerance · max(1, |b|). Default 0.001, of fp32. */
  tolerance?: number;
  /** Instead: the least cosine. Default of fp16 0.999, of q8 0.95, of q4 0.9. */
  minCosine?: number;
  /** With what outputs are compared. Default: fp32, the default provider, the graph as it stands ('disabled'). */
  reference?: Partial<Pick<Configuration, 'provider' | 'dtype' | 'level'>>;
  /** All other options of the sessions: worker, extra, externalData, constraints, … */
  session?: Omit<
    SessionOptions,
    'executionProviders' | 'intraOpNumThreads' | 'graphOptimizationLevel' | 'signal'
  >;
  /**
   * Then requests come at random times too (Poisson), so many a second on average and for so long (default 10 s), whether or
   * not earlier ones were answered.
   */
  arrivals?: { readonly rate: number; readonly seconds?: number };
  /** Is measured, too: how late timers fire while runs are under way. */
  eventLoop?: boolean;
  onProgress?: (progress: BenchProgress) => void;
}

/** After the checks. */
export interface BenchSettings {
  readonly sweep: Sweep;
  readonly texts: readonly string[] | undefined;
  readonly wishes: InputWishes;
  readonly measure: MeasureSettings;
  readonly judgement: {
    readonly tolerance: number | undefined;
    readonly minCosine: number | undefined;
  };
  readonly reference: NonNullable<BenchOptions['reference']>;
  readonly session: SessionOptions;
  readonly arrivals: { readonly rate: number; readonly seconds: number } | undefined;
  readonly eventLoop: boolean;
  readonly onProgress: BenchOptions['onProgress'];
}

const DTYPES = oneOf('fp32', 'fp16', 'q8', 'q4');
const LEVELS = oneOf('disabled', 'basic', 'extended', 'layout', 'all');
const NAME: Check = {
  expected: 'a name',
  test: (value) => typeof value === 'string' && value !== '',
};

function oneOrMore(check: Check): Check {
  return {
    expected: `${check.expected}, or a list of such values without repetitions`,
    test: (value) => {
      const list: readonly unknown[] = Array.isArray(value) ? value : [value];
      return list.length > 0 && new Set(list).size === list.length && list.every(check.test);
    },
  };
}

const between = (min: number, max: number): Check => ({
  expected: `a number from ${min} to ${max}`,
  test: (value) => typeof value === 'number' && value >= min && value <= max,
});

/** What the axes say, a session may not. */
const AXIS_OPTIONS = [
  'executionProviders',
  'intraOpNumThreads',
  'graphOptimizationLevel',
  'signal',
];
const REFERENCE = { provider: NAME, dtype: DTYPES, level: LEVELS };

export const BENCH_CHECKS: Readonly<Record<keyof BenchOptions, Check>> = {
  ...MEASURE_CHECKS,
  batch: oneOrMore(whole(1, 2 ** 20)),
  sequence: oneOrMore(whole(1, 2 ** 20)),
  threads: oneOrMore(whole(1, 1024)),
  provider: oneOrMore(NAME),
  dtype: oneOrMore(DTYPES),
  level: oneOrMore(LEVELS),
  texts: {
    expected: 'a list of texts, one at least',
    test: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string'),
  },
  inputs: { expected: 'an object of Tensors by input', test: isObject },
  dimensions: recordOf(whole(0, 2 ** 31 - 1)),
  vocabularySize: whole(1, 2 ** 31 - 1),
  seed: whole(0, 2 ** 32 - 1),
  tolerance: between(0, Number.MAX_VALUE),
  minCosine: between(-1, 1),
  reference: {
    expected: 'an object of provider, dtype and level',
    test: (value) =>
      isObject(value) &&
      Object.entries(value).every(
        ([key, each]) =>
          Object.hasOwn(REFERENCE, key) && REFERENCE[key as keyof typeof REFERENCE].test(each),
      ),
  },
  session: {
    expected: `an object of session options without ${AXIS_OPTIONS.join(', ')}, which the axes say,`,
    test: (value) => isObject(value) && AXIS_OPTIONS.every((name) => value[name] === undefined),
  },
  arrivals: {
    expected:
      'an object of rate (above 0, at most 100000 a second) and seconds (above 0, at most 3600)',
    test: (value) => isObject(value) && isArrivals(value),
  },
  eventLoop: flag,
  onProgress: callback,
};

function isArrivals({ rate, seconds = 10, ...more }: Record<string, unknown>): boolean {
  const within = (value: unknown, most: number): boolean =>
    typeof value === 'number' && value > 0 && value <= most;
  return within(rate, 1e5) && within(seconds, 3600) && Object.keys(more).length === 0;
}

/** @throws InferError INVALID_OPTION, INVALID_INPUT with all faults */
export function readBenchOptions(options: BenchOptions): BenchSettings {
  expectOptions('options of benchmark', options, BENCH_CHECKS);
  if (
    options.texts &&
    (options.inputs ?? options.dimensions ?? options.vocabularySize) !== undefined
  ) {
    throw new InferError({
      code: 'INVALID_OPTION',
      message:
        'expected either texts, or what tensors are made of (inputs, dimensions, vocabularySize), received both',
    });
  }
  const { onProgress, ...measure } = options;
  const { seed = 1, tolerance, minCosine } = options;
  return {
    sweep: sweepOf(options),
    texts: options.texts && [...options.texts],
    wishes: {
      given: givenFeeds(options.inputs),
      dimensions: options.dimensions ?? {},
      vocabularySize: options.vocabularySize,
      seed,
    },
    measure: measureSettings(measure),
    judgement: { tolerance, minCosine },
    reference: options.reference ?? {},
    session: options.session ?? {},
    arrivals: options.arrivals && { seconds: 10, ...options.arrivals },
    eventLoop: options.eventLoop ?? false,
    onProgress,
  };
}

function sweepOf(options: BenchOptions): Sweep {
  const names = ['batch', 'sequence', 'threads', 'provider', 'dtype', 'level'] as const;
  const entries = names.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [[name, Array.isArray(value) ? value : [value]]];
  });
  return Object.fromEntries(entries) as Sweep;
}

function givenFeeds(inputs: Ort.FeedsType | undefined): Feeds {
  if (inputs === undefined) return {};
  const { tensors, faults } = readFeeds(inputs, { locations: [], sequences: false });
  if (faults.list.length > 0) {
    throw new InferError(failureOf('the inputs can not be read', faults.list));
  }
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      if ('elements' in tensor) throw new Error(`a sequence for ${describe(name)}`);
      return [name, toTensor(tensor)];
    }),
  );
}
