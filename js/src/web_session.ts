import type { InferenceSession as Ort } from 'onnxruntime-common';
import type { Abort } from './abort.js';
import type { CoreBinding, TensorData, ValueSignature } from './binding.js';
import { quoted } from './describe.js';
import { embedInBatches } from './embed.js';
import type { EmbedRequest } from './embed.js';
import { InferError } from './error.js';
import { NON_TENSOR } from './fetches.js';
import type { Fetches } from './fetches.js';
import type { SessionReport, WarningList } from './report.js';
import type { RunSettings } from './run_options.js';
import type { RuntimeSession } from './runtime.js';
import { DEFAULT_LOG_LEVEL } from './session_options.js';
import type { SessionSettings } from './session_options.js';
import { isOnDevice, ownFeeds, toTensor } from './tensor.js';
import type { AnyTensor } from './tensor.js';
import type { WebCopy } from './web_copy.js';
import { isLost } from './web_gpu.js';
import type { Device } from './web_gpu.js';
import { locationOf, webOptions, withoutDevices } from './web_providers.js';
import type { ModelParts, Plan } from './web_providers.js';
import { checkDeviceFeeds, DeviceOutputs } from './web_tensors.js';

/** How onnxruntime-web shows a free dimension without a name: −1 as 32 bits without a sign. */
const UNNAMED = 4294967295;

/** What a session is made of, and what it needs to go on without its device. */
export interface WebParts {
  readonly core: CoreBinding;
  readonly copy: WebCopy;
  readonly plan: Plan;
  readonly settings: SessionSettings;
  readonly warnings: WarningList;
  /** For sessions on a device alone. */
  readonly files: ModelParts<Blob> | undefined;
}

type WebReport = Pick<SessionReport, 'runtime' | 'providers' | 'threads' | 'phases'>;

function signatureOf(metadata: Ort.ValueMetadata): ValueSignature {
  const { name } = metadata;
  // Which kind it is instead, onnxruntime-web does not say.
  if (!metadata.isTensor) return { name, type: NON_TENSOR as ValueSignature['type'], dims: [] };
  const dims = metadata.shape.map((dim) => (dim === UNNAMED || dim === -1 ? '' : dim));
  return { name, type: metadata.type, dims };
}

/** onnxruntime-web hands texts over as C does, which ends them at the first U+0000. */
function rejectNul(feeds: Readonly<Record<string, AnyTensor>>): void {
  for (const [name, feed] of Object.entries(feeds)) {
    if (isOnDevice(feed) || !Array.isArray(feed.data)) continue;
    if (!feed.data.some((text) => text.includes('\0'))) continue;
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: `expected texts without U+0000 for input ${quoted(name)}: onnxruntime-web would cut them there`,
    });
  }
}

export class WebSession implements RuntimeSession {
  readonly validates = false;
  readonly sequences = false;
  readonly inputs: readonly ValueSignature[];
  readonly feedable: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  /** The device it runs on; gone once it was lost. */
  private device: Device | undefined;
  private readonly left: DeviceOutputs | undefined;

  constructor(
    private readonly parts: WebParts,
    private session: Ort,
    readonly report: WebReport,
  ) {
    this.inputs = session.inputMetadata.map(signatureOf);
    // onnxruntime-web names no initializers that a feed may replace.
    this.feedable = this.inputs;
    this.outputs = session.outputMetadata.map(signatureOf);
    [this.device] = parts.plan.devices;
    if (this.device) this.left = new DeviceOutputs(this.device, parts.copy.queue);
  }

  get locations(): readonly string[] {
    return this.device ? [locationOf(this.device)] : [];
  }

  /** An abort ends the waiting at once; a run under way goes on unheard, because WebAssembly can't be interrupted. */
  async run(
    feeds: Readonly<Record<string, AnyTensor>>,
    { names }: Fetches,
    settings: RunSettings,
    abort: Abort,
  ): Promise<Record<string, AnyTensor>> {
    rejectNul(feeds);
    // Copied at once, as the addon does: the caller may change its arrays while the run waits.
    return this.runOwned(ownFeeds(feeds), names, settings, abort);
  }

  runSync(): never {
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: "runSync is not available in WebAssembly: onnxruntime-web's runs are asynchronous",
      hint: 'await session.run(feeds)',
    });
  }

  embed(request: EmbedRequest, abort: Abort) {
    const settings: RunSettings = {
      logSeverityLevel: DEFAULT_LOG_LEVEL,
      logVerbosityLevel: 0,
      tag: '',
      configEntries: {},
      signal: undefined,
      timeoutMs: undefined,
      priority: undefined,
      terminate: false,
    };
    return embedInBatches(this.parts.core, request, this, async (feeds) => {
      const outputs = await this.runOwned(feeds, [request.output], settings, abort);
      const output = outputs[request.output];
      if (!output) throw new Error('the runtime left out an output');
      return toCpu(output);
    });
  }

  async dispose(): Promise<void> {
    const { copy } = this.parts;
    const release = async (): Promise<void> => {
      this.left?.dispose();
      await this.session.release();
    };
    await copy.queue.add(() => copy.release(release));
  }

  /** Of feeds that nobody else changes. */
  private async runOwned(
    feeds: Readonly<Record<string, AnyTensor>>,
    fetches: readonly string[],
    settings: RunSettings,
    abort: Abort,
  ): Promise<Record<string, AnyTensor>> {
    const { queue } = this.parts.copy;
    const outputs = await queue.add(() => this.runNow(feeds, fetches, settings), abort);
    // A run on the page's own thread lets no timer fire before it ends.
    abort.check();
    return outputs;
  }

  private async runNow(
    feeds: Readonly<Record<string, AnyTensor>>,
    fetches: readonly string[],
    settings: RunSettings,
  ): Promise<Record<string, AnyTensor>> {
    const { device } = this;
    // A lost device answers nothing, or as if it had computed.
    if (device && device.fate.lost === undefined) {
      try {
        await checkDeviceFeeds(feeds, device);
        const outputs = await this.call(feeds, fetches, settings);
        if (!(await isLost(device, false))) return outputs;
      } catch (error) {
        if (!(await isLost(device, true))) throw error;
      }
    }
    if (device) await this.leave(device);
    return this.call(feeds, fetches, settings);
  }

  private async call(
    feeds: Readonly<Record<string, AnyTensor>>,
    fetches: readonly string[],
    settings: RunSettings,
  ): Promise<Record<string, AnyTensor>> {
    this.rejectGone(feeds);
    const tensors = Object.entries(feeds).map(([name, feed]) => [name, toTensor(feed)] as const);
    const options: Ort.RunOptions = {
      logSeverityLevel: settings.logSeverityLevel,
      logVerbosityLevel: settings.logVerbosityLevel,
      ...(settings.tag === '' ? {} : { tag: settings.tag }),
      extra: settings.configEntries,
    };
    const results = await this.parts.copy.call('run the model', () =>
      this.session.run(Object.fromEntries(tensors), fetches, options),
    );
    const outputs = Object.entries(results).map(([name, value]) => [name, this.handOut(value)]);
    return Object.fromEntries(outputs) as Record<string, AnyTensor>;
  }

  private handOut(value: Ort.OnnxValueMapType[string]): AnyTensor {
    if (value.location === 'cpu' || !this.left) {
      const { type, dims, data } = value;
      return { type, dims, data };
    }
    return this.left.hand(value);
  }

  /** Feeds on a device that the session has left can't come along. */
  private rejectGone(feeds: Readonly<Record<string, AnyTensor>>): void {
    const gone = this.device
      ? []
      : Object.keys(feeds).filter((name) => feeds[name] && isOnDevice(feeds[name]));
    if (gone.length === 0) return;
    throw new InferError({
      code: 'PROVIDER_UNAVAILABLE',
      message: `the device was lost with the feeds on it: ${gone.map(quoted).join(', ')}`,
      hint: 'feed tensors on the CPU: the session goes on with wasm',
    });
  }

  /**
   * Goes on with WebAssembly after the device was lost, and says so. Called in the session's turn of the queue.
   *
   * @throws InferError PROVIDER_UNAVAILABLE with `fallback: 'error'`, of this run and each one that follows
   */
  private async leave(device: Device): Promise<void> {
    const { copy, plan, settings, warnings, files } = this.parts;
    const reason = device.fate.lost ?? '';
    const hint = 'a new session gets a new device';
    if (settings.given.fallback === 'error') {
      throw new InferError({ code: 'PROVIDER_UNAVAILABLE', message: reason, hint });
    }
    warnings.add({
      code: 'DEVICE_LOST',
      message: `${reason}: the session goes on with wasm`,
      hint: `${hint}; fallback: 'error' makes this an error`,
    });
    const cpu = withoutDevices(plan, reason);
    const bytes = new Uint8Array((await files?.model.arrayBuffer()) ?? []);
    const lost = this.session;
    this.session = await copy.createSession(
      'load the model again after the device was lost',
      bytes,
      webOptions(settings, cpu, { external: files?.external ?? [] }),
    );
    this.device = undefined;
    Object.assign(this.report.providers, { used: cpu.used, skipped: cpu.skipped });
    // Its memory in WebAssembly; what was on the device is gone.
    await copy.release(() => lost.release()).catch(() => undefined);
  }
}

/** A pipeline pools on the CPU, wherever the user wants outputs. */
async function toCpu(output: AnyTensor): Promise<TensorData> {
  if (!isOnDevice(output)) return output;
  const { type, dims, device } = output;
  const data = await device.getData();
  device.dispose();
  return { type, dims, data };
}
