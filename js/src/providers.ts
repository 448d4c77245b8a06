import { describe } from './describe.js';
import type { Faults } from './fault.js';
import { isObject, suggestion } from './option.js';
import type { WarningList } from './report.js';

/** An execution provider that was asked for, with its own options as ONNX Runtime takes them. */
export interface ProviderRequest {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  /** As the user wrote it. */
  readonly config: unknown;
}

/** onnxruntime-common's names beside the runtime's own. */
const REGISTERED: Readonly<Record<string, string>> = {
  cpu: 'CPUExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  tensorrt: 'TensorrtExecutionProvider',
  coreml: 'CoreMLExecutionProvider',
  dml: 'DmlExecutionProvider',
  nnapi: 'NnapiExecutionProvider',
  openvino: 'OpenVINOExecutionProvider',
  qnn: 'QNNExecutionProvider',
  xnnpack: 'XnnpackExecutionProvider',
  wasm: '',
  webgl: '',
  webgpu: 'WebGpuExecutionProvider',
  webnn: '',
};
const NAMES = Object.keys(REGISTERED);

/** "CUDAExecutionProvider" → "cuda"; a name that is not known stays as it is. */
export function providerName(registered: string): string {
  return NAMES.find((name) => REGISTERED[name] === registered) ?? registered;
}

/** deviceId → device_id: onnxruntime-common writes names as JavaScript does, the runtime as C does. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function readConfig(config: unknown, path: string, faults: Faults): ProviderRequest | undefined {
  if (typeof config === 'string') return { name: config, options: {}, config };
  if (!isObject(config) || typeof config['name'] !== 'string') {
    faults.add(
      path,
      `expected a provider's name or an object with a name for ${path}, received ${describe(config)}`,
    );
    return undefined;
  }
  const options: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    if (name === 'name' || value === undefined) continue;
    // Objects (a GPUDevice, a list of node names) mean something to onnxruntime-web alone, which gets `config`.
    if (typeof value === 'boolean') options[snakeCase(name)] = value ? '1' : '0';
    if (typeof value === 'string') options[snakeCase(name)] = value;
    if (typeof value === 'number') options[snakeCase(name)] = String(value);
  }
  return { name: config['name'], options, config };
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

/** Warns about names that no runtime knows and drops them; one that is asked for twice counts once. */
export function knownProviders(
  requests: readonly ProviderRequest[],
  warnings: WarningList,
): ProviderRequest[] {
  const known = new Map<string, ProviderRequest>();
  for (const request of requests) {
    if (Object.hasOwn(REGISTERED, request.name)) {
      if (!known.has(request.name)) known.set(request.name, request);
      continue;
    }
    warnings.add(
      {
        code: 'PROVIDER_UNKNOWN',
        message: `unknown execution provider ${describe(request.name)}${suggestion(request.name, NAMES)}: it is not used`,
        hint: `known are ${NAMES.join(', ')}`,
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
