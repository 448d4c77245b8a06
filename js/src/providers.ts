import { describe } from './describe.js';
import type { Faults } from './fault.js';
import { isObject, suggestion } from './option.js';
import { readProviderOptions } from './provider_options.js';
import { knownProvider, PROVIDER_NAMES } from './provider_table.js';
import type { WarningList } from './report.js';

/**
 * An execution provider and its options, as JavaScript or as the provider spells them: `deviceId`, `device_id`. What
 * most names of a provider begin or end with may be left out: `fp16` is TensorRT's `trt_fp16_enable`.
 *
 * @example
 * const session = await InferenceSession.create('model.onnx', {
 *   executionProviders: [
 *     { name: 'tensorrt', fp16: true, engineCache: '/var/cache/engines' },
 *     { name: 'cuda', deviceId: 0, gpuMemLimit: 2 ** 31 },
 *     'cpu',
 *   ],
 *   fallback: 'allow',
 * });
 * session.report.providers.skipped; // each that is not used, with the reason
 */
export interface ProviderConfig {
  readonly name: string;
  /** Node: the file of a plugin that provides `name`. It is native code that the process then runs, so trust it. */
  readonly library?: string;
  /** Options again, for names that would mean something else here. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  readonly [option: string]: unknown;
}

/** An execution provider that was asked for, with its own options as ONNX Runtime takes them. */
export interface ProviderRequest {
  /** The short one where it is known: "cuda". */
  readonly name: string;
  /** The file of a plugin that provides it. */
  readonly library?: string;
  readonly options: Readonly<Record<string, string>>;
  /** Names of options that the provider has not, for warnings. */
  readonly strangers: readonly string[];
  /** As the user wrote it. */
  readonly config: unknown;
}

/** "CUDAExecutionProvider" → "cuda"; a name that is not known stays as it is. */
export function providerName(registered: string): string {
  return knownProvider(registered) ?? registered;
}

/** What of a configuration is no option of the provider. */
const OF_OURS: readonly string[] = ['name', 'library', 'options'];

/** `options` holds the provider's own names, what stands beside it may be spelt as in JavaScript. */
function readConfig(config: unknown, path: string, faults: Faults): ProviderRequest | undefined {
  if (typeof config === 'string') {
    return { name: providerName(config), options: {}, strangers: [], config };
  }
  if (!isObject(config) || typeof config['name'] !== 'string') {
    faults.add(
      path,
      `expected a provider's name or an object with a name for ${path}, received ${describe(config)}`,
    );
    return undefined;
  }
  const { library, options = {} } = config;
  if (library !== undefined && (typeof library !== 'string' || library === '')) {
    faults.add(
      `${path}.library`,
      `expected the path of a library for ${path}.library, received ${describe(library)}`,
    );
  }
  if (!isObject(options)) {
    faults.add(
      `${path}.options`,
      `expected an object for ${path}.options, received ${describe(options)}`,
    );
    return undefined;
  }
  const name = library === undefined ? providerName(config['name']) : config['name'];
  const beside = Object.entries(config).filter(([key]) => !OF_OURS.includes(key));
  const given = { ...Object.fromEntries(beside), ...options };
  const read = readProviderOptions(library === undefined ? name : '', given, path, faults);
  return { name, ...(typeof library === 'string' ? { library } : {}), ...read, config };
}

/** Reads `executionProviders`; what is no configuration of a provider is a fault. */
export function readProviders(value: unknown, faults: Faults): ProviderRequest[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    faults.add(
      'executionProviders',
      `expected an array for executionProviders, received ${describe(value)}`,
    );
    return [];
  }
  return value.flatMap((config, i) => readConfig(config, `executionProviders[${i}]`, faults) ?? []);
}

function warnOptions({ name, strangers }: ProviderRequest, warnings: WarningList): void {
  for (const stranger of strangers) {
    const message = `unknown option ${stranger} of execution provider ${describe(name)}`;
    warnings.add({ code: 'OPTION_UNKNOWN', message }, 'INVALID_OPTION');
  }
}

/** Warns about names that no runtime knows and drops them; one that is asked for twice counts once. */
export function knownProviders(
  requests: readonly ProviderRequest[],
  warnings: WarningList,
): ProviderRequest[] {
  const known = new Map<string, ProviderRequest>();
  for (const request of requests) {
    if (request.library !== undefined || PROVIDER_NAMES.includes(request.name)) {
      if (known.has(request.name)) continue;
      known.set(request.name, request);
      warnOptions(request, warnings);
      continue;
    }
    warnings.add(
      {
        code: 'PROVIDER_UNKNOWN',
        message: `unknown execution provider ${describe(request.name)}${suggestion(request.name, PROVIDER_NAMES)}: it is not used`,
        hint: `known are ${PROVIDER_NAMES.join(', ')}; { name, library } loads a plugin`,
      },
      'INVALID_OPTION',
    );
  }
  return [...known.values()];
}

/** One warning for each provider that was asked for and is not used. */
export function warnSkipped(
  skipped: readonly { name: string; reason: string }[],
  used: readonly string[],
  warnings: WarningList,
): void {
  for (const { name, reason } of skipped) {
    warnings.add(
      {
        code: 'PROVIDER_SKIPPED',
        message: `execution provider ${describe(name)} is not used: ${reason}`,
        hint: `the session runs on ${used.join(', ')}; fallback: 'error' makes this an error`,
      },
      'PROVIDER_UNAVAILABLE',
    );
  }
}
