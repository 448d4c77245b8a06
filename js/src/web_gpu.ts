import { env } from 'onnxruntime-common';
import { isObject } from './option.js';
import { nextTask } from './task.js';
import { noDevices, surroundings } from './web_surroundings.js';
import type { NeuralContext } from './web_surroundings.js';

/** Whether a device is still there. */
export interface Fate {
  /** Why it was lost. */
  lost: string | undefined;
  /** Settled when it is lost. */
  readonly ended: Promise<void>;
}

/** What a session runs on beside the CPU. */
export interface Device {
  readonly provider: 'webgpu' | 'webnn';
  /** What onnxruntime-web gets: the provider's configuration with the device in it. */
  readonly config: object;
  readonly gpu?: GPUDevice;
  readonly fate: Fate;
}

/** A device, or why there is none. */
export type Opened = { readonly device: Device } | { readonly reason: string };

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Without them an adapter's default limits hold, which are too small for the weights of most models. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const;
/** What onnxruntime-web's kernels make use of where it is there. */
const FEATURES: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

function isDevice(value: unknown): value is GPUDevice {
  return isObject(value) && 'queue' in value && 'lost' in value;
}

/** The user's settings, as programs for onnxruntime-web make them. */
interface GpuSettings {
  powerPreference?: GPUPowerPreference;
  forceFallbackAdapter?: boolean;
  adapter?: GPUAdapter;
  device?: unknown;
}
const settings = env.webgpu as GpuSettings;

const consumed = new WeakSet<GPUAdapter>();

async function requestDevice(): Promise<GPUDevice | string> {
  const gpu = surroundings.navigator?.gpu;
  if (!gpu) return noDevices('gpu');
  const { powerPreference, forceFallbackAdapter } = settings;
  const wishes = {
    ...(powerPreference === undefined ? {} : { powerPreference }),
    ...(forceFallbackAdapter === undefined ? {} : { forceFallbackAdapter }),
  };
  const given = settings.adapter;
  // An adapter gives one device and no second one.
  const adapter = given && !consumed.has(given) ? given : await gpu.requestAdapter(wishes);
  if (!adapter) {
    return 'the browser gives no adapter (requestAdapter() answers null): no graphics card, or one that it does not trust';
  }
  consumed.add(adapter);
  return adapter.requestDevice({
    requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });
}

/**
 * The GPU devices of the page's sessions. One is shared by all that bring none of their own, so that what one session
 * leaves on the GPU another can take; after a loss the next session gets a new one.
 */
export class Devices {
  private readonly fates = new WeakMap<GPUDevice, Fate>();
  private shared: Promise<GPUDevice | string> | undefined;
  private own: GPUDevice | undefined;

  /** Is it there, and does it work? Asked before anything is loaded. */
  async open(name: string, config: unknown): Promise<Opened> {
    const options = isObject(config) ? config : {};
    try {
      return name === 'webgpu' ? await this.openGpu(options) : await openNeural(options);
    } catch (error) {
      return { reason: textOf(error) };
    }
  }

  private async openGpu(options: Record<string, unknown>): Promise<Opened> {
    const gpu = await this.gpuFor(options['device']);
    if (typeof gpu === 'string') return { reason: gpu };
    const fate = await this.fateOf(gpu);
    if (fate.lost !== undefined) return { reason: fate.lost };
    return {
      device: {
        provider: 'webgpu',
        config: { ...options, name: 'webgpu', device: gpu },
        gpu,
        fate,
      },
    };
  }

  private async fateOf(gpu: GPUDevice): Promise<Fate> {
    let fate = this.fates.get(gpu);
    if (!fate) {
      fate = watch('WebGPU', gpu.lost);
      this.fates.set(gpu, fate);
      // One that was lost before says so in a later microtask.
      await Promise.race([fate.ended, nextTask()]);
    }
    return fate;
  }

  /** The session's own, the one that the program put into env.webgpu, or ours. */
  private async gpuFor(given: unknown): Promise<GPUDevice | string> {
    if (given !== undefined) {
      return isDevice(given) ? given : "the provider's option device is no GPUDevice";
    }
    const set: unknown = await settings.device;
    if (set !== undefined && set !== this.own) {
      return isDevice(set) ? set : 'env.webgpu.device is no GPUDevice';
    }
    if (this.own && this.fates.get(this.own)?.lost !== undefined) this.shared = undefined;
    const shared = (this.shared ??= requestDevice());
    const gpu = await shared.catch(textOf);
    if (typeof gpu === 'string') {
      if (this.shared === shared) this.shared = undefined;
      return gpu;
    }
    this.own = gpu;
    settings.device = gpu;
    return gpu;
  }
}

async function openNeural(options: Record<string, unknown>): Promise<Opened> {
  const ml = surroundings.navigator?.ml;
  if (!ml) return { reason: noDevices('ml') };
  const { deviceType, powerPreference } = options;
  const wishes = {
    ...(deviceType === undefined ? {} : { deviceType }),
    ...(powerPreference === undefined ? {} : { powerPreference }),
  };
  const given = options['context'] ?? options['gpuDevice'];
  const context = (given ?? (await ml.createContext(wishes))) as NeuralContext;
  const config = given ? options : { ...options, context };
  return {
    device: {
      provider: 'webnn',
      config: { ...config, name: 'webnn' },
      fate: watch('WebNN', context.lost ?? new Promise(() => undefined)),
    },
  };
}

function watch(kind: string, loss: Promise<{ readonly message: string }>): Fate {
  const fate: { lost: string | undefined; ended: Promise<void> } = {
    lost: undefined,
    ended: loss.then(({ message }) => {
      const why = message.replace(/\.?\s*$/, '');
      fate.lost = `the ${kind} device was lost${why ? ` (${why})` : ''}`;
    }),
  };
  return fate;
}

/** `failed`: after an error, which may be heard before the loss that it comes from. */
export async function isLost({ fate }: Device, failed: boolean): Promise<boolean> {
  await Promise.race([fate.ended, nextTask()]);
  if (fate.lost === undefined && failed) {
    await Promise.race([fate.ended, new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  return fate.lost !== undefined;
}
