/** The options of an execution provider, from how a JavaScript programmer writes them to how ONNX Runtime reads them. */
import { describe } from './describe.js';
import type { Faults } from './fault.js';
import { suggestion } from './option.js';
import { PROVIDERS } from './provider_table.js';
import type { ProviderFacts } from './provider_table.js';

/** Addresses of memory, which JavaScript has none of: the process would crash. */
const ADDRESS =
  /external_(alloc|free|empty_cache)$|user_compute_stream$|_bytestream(_size)?$|^webgpu|dawnProcTable/;

/** Given a folder, a cache is on and lies there. */
const CACHES: Readonly<Record<string, string>> = {
  trt_engine_cache_enable: 'trt_engine_cache_path',
  trt_timing_cache_enable: 'trt_timing_cache_path',
};

/** `coreMlFlags` of onnxruntime-node and the flags' own names, as the options that replaced them. */
const COREML_FLAGS: readonly (readonly [
  bit: number,
  name: string,
  option: string,
  value: string,
])[] = [
  [0x01, 'useCPUOnly', 'MLComputeUnits', 'CPUOnly'],
  [0x02, 'enableOnSubgraph', 'EnableOnSubgraphs', '1'],
  [0x04, 'onlyEnableDeviceWithANE', 'MLComputeUnits', 'CPUAndNeuralEngine'],
  [0x08, 'onlyAllowStaticInputShapes', 'RequireStaticInputShapes', '1'],
  [0x10, 'createMLProgram', 'ModelFormat', 'MLProgram'],
  [0x20, 'useCPUAndGPU', 'MLComputeUnits', 'CPUAndGPU'],
];

/** Providers whose names are not in the way of C; a plugin, which has no name here, has its own way. */
const AS_WRITTEN: readonly string[] = ['', 'coreml', 'webgpu', 'webnn'];

/** Without what tells spellings apart: engineCacheEnable, engine_cache_enable. */
const bare = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** deviceId → device_id: onnxruntime-common writes names as JavaScript does, most providers as C does. */
const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The provider's own name of an option: `fp16` is trt_fp16_enable. Undefined where it has none. */
function ownName(name: string, facts: ProviderFacts): string | undefined {
  const { options = [], prefix = '', aliases = {} } = facts;
  if (Object.hasOwn(aliases, name)) return aliases[name];
  const given = bare(name);
  const spellings = [given, prefix + given].flatMap((one) => [one, `${one}enable`]);
  for (const spelling of [...spellings, `enable${given}`, `use${given}`]) {
    const found = options.find((option) => bare(option) === spelling);
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface ReadOptions {
  /** As the runtime takes them. */
  readonly options: Readonly<Record<string, string>>;
  /** Names that the provider has not, each with what was meant. */
  readonly strangers: readonly string[];
}

function coremlFlags(given: Record<string, unknown>, into: Record<string, string>): void {
  const flags = given['coreMlFlags'];
  for (const [bit, name, option, value] of COREML_FLAGS) {
    const set = typeof flags === 'number' && (flags & bit) !== 0;
    if (set || given[name] === true) into[option] = value;
  }
}

function textOf(value: unknown, [yes, no]: readonly [string, string]): string | undefined {
  if (typeof value === 'boolean') return value ? yes : no;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/**
 * Reads what stands beside a provider's name. A name that the provider has not is passed on all the same, since a newer
 * one may have it.
 */
export function readProviderOptions(
  provider: string,
  given: Record<string, unknown>,
  path: string,
  faults: Faults,
): ReadOptions {
  const facts = PROVIDERS[provider] ?? { registered: '', generic: '' };
  const options: Record<string, string> = {};
  const strangers: string[] = [];
  const done =
    provider === 'coreml' ? ['coreMlFlags', ...COREML_FLAGS.map(([, name]) => name)] : [];
  if (provider === 'coreml') coremlFlags(given, options);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || done.includes(name)) continue;
    const own = ownName(name, facts);
    const key = own ?? (AS_WRITTEN.includes(provider) ? name : snakeCase(name));
    if (ADDRESS.test(key)) {
      faults.add(
        `${path}.${name}`,
        `expected no address of memory for ${path}.${name}: JavaScript has none to give`,
      );
      continue;
    }
    if (own === undefined && facts.options) {
      strangers.push(`${describe(name)}${suggestion(name, facts.options)}`);
    }
    // Objects (a GPUDevice, a list of node names) mean something to onnxruntime-web alone, which gets the whole config.
    const text = textOf(value, facts.truth ?? ['1', '0']);
    if (text === undefined) continue;
    const folder = CACHES[key];
    if (folder !== undefined && typeof value === 'string' && !/^(0|1|true|false)$/i.test(value)) {
      Object.assign(options, { [key]: '1', [folder]: value });
    } else options[key] = text;
  }
  return { options, strangers };
}
