import { Tensor } from 'onnxruntime-common';
import type { InferenceSession as Ort } from 'onnxruntime-common';
import { quoted } from './describe.js';
import { InferError } from './error.js';
import { failureOf, Faults } from './fault.js';
import type { Queue } from './queue.js';
import { isOnDevice } from './tensor.js';
import type { AnyTensor, DeviceTensor } from './tensor.js';
import { runtimeError } from './web_error.js';
import { isLost } from './web_gpu.js';
import type { Device } from './web_gpu.js';

/** What onnxruntime-web's own copy of the class gives: ours is made of it, so that one class exists. */
type Inner = Ort.OnnxValueMapType[string];

/** Where a tensor that was handed out came from. */
interface Origin {
  readonly outputs: DeviceOutputs;
  readonly inner: Inner;
}
const origins = new WeakMap<object, Origin>();

/** Buffers of users that were found to belong to the device. */
const accepted = new WeakMap<GPUDevice, WeakSet<GPUBuffer>>();

/**
 * The outputs that one session left on its device. They live as long as the session, at most: what reads or frees them
 * is part of it.
 */
export class DeviceOutputs {
  private readonly live = new Set<Inner>();
  private readonly forgotten = new FinalizationRegistry<Inner>((inner) => {
    this.freeLater(inner);
  });

  constructor(
    private readonly device: Device,
    private readonly queue: Queue,
  ) {}

  /** onnxruntime-common's Tensor over an output on the device; it stays there until `getData()` asks for it. */
  hand(inner: Inner): DeviceTensor {
    this.live.add(inner);
    const { type, dims } = inner;
    const access = {
      dims,
      download: () => this.read(inner),
      dispose: () => {
        this.forgotten.unregister(inner);
        this.freeLater(inner);
      },
    };
    // The types of both are fewer than those of all tensors; onnxruntime-web has made one of them.
    const tensor =
      inner.location === 'ml-tensor'
        ? Tensor.fromMLTensor(inner.mlTensor, {
            ...access,
            dataType: type as Tensor.MLTensorDataTypes,
            download: access.download as () => Promise<never>,
          })
        : Tensor.fromGpuBuffer(inner.gpuBuffer, {
            ...access,
            dataType: type as Tensor.GpuBufferDataTypes,
            download: access.download as () => Promise<never>,
          });
    origins.set(tensor, { outputs: this, inner });
    this.forgotten.register(tensor, inner, inner);
    return { type, dims, device: tensor };
  }

  /** Of a feed: why it can't be used on `device`. */
  refuses(inner: Inner, device: Device): string | undefined {
    if (!this.live.has(inner)) return 'one whose session was disposed';
    if (this.device.fate.lost !== undefined) return `one that is gone: ${this.device.fate.lost}`;
    return this.device.gpu === device.gpu ? undefined : 'one of another device';
  }

  /** Frees what nobody disposed, in a turn of the queue. Reading it afterwards fails. */
  dispose(): void {
    for (const inner of this.live) this.free(inner);
  }

  private async read(inner: Inner): Promise<Tensor.DataType> {
    const { fate } = this.device;
    try {
      if (this.live.has(inner) && fate.lost === undefined) return await inner.getData();
    } catch (error) {
      if (!(await isLost(this.device, true))) throw runtimeError('read the tensor', error);
    }
    if (fate.lost !== undefined) throw gone(fate.lost);
    throw new InferError({
      code: 'DISPOSED',
      message: 'the tensor was freed with its session: it can be read no more',
      hint: 'await tensor.getData() before the session is disposed',
    });
  }

  /** The module must not be called while a run of it waits for the device. */
  private freeLater(inner: Inner): void {
    const free = () => {
      this.free(inner);
      return Promise.resolve();
    };
    this.queue.add(free).catch(() => undefined);
  }

  private free(inner: Inner): void {
    if (!this.live.delete(inner) || this.device.fate.lost !== undefined) return;
    inner.dispose();
  }
}

function gone(reason: string): InferError {
  return new InferError({
    code: 'PROVIDER_UNAVAILABLE',
    message: `the tensor can't be read: ${reason}`,
    hint: 'run again: the session goes on with wasm',
  });
}

/**
 * Feeds that are on a device must be on this one. A buffer of another would make WebGPU compute zeros and tell nobody
 * but the console.
 *
 * @throws InferError INVALID_INPUT with all faults
 */
export async function checkDeviceFeeds(
  feeds: Readonly<Record<string, AnyTensor>>,
  device: Device,
): Promise<void> {
  const faults = new Faults('INVALID_INPUT');
  for (const [name, feed] of Object.entries(feeds)) {
    const why = isOnDevice(feed) ? await refusal(feed, device) : undefined;
    if (why === undefined) continue;
    faults.add(
      name,
      `expected a Tensor on the session's device for input ${quoted(name)}, received ${why}`,
    );
  }
  if (faults.list.length > 0) {
    throw new InferError(failureOf('the feeds do not fit the device', faults.list));
  }
}

async function refusal(feed: DeviceTensor, device: Device): Promise<string | undefined> {
  const origin = origins.get(feed.device);
  if (origin) return origin.outputs.refuses(origin.inner, device);
  if (!device.gpu || feed.device.location !== 'gpu-buffer') return undefined;
  return foreign(feed.device.gpuBuffer, device.gpu);
}

/** Asks the device to bind the buffer, once: that fails for another's, and for one that no kernel may read. */
async function foreign(buffer: GPUBuffer, gpu: GPUDevice): Promise<string | undefined> {
  if (!(buffer instanceof GPUBuffer)) return 'one without a GPUBuffer';
  const known = accepted.get(gpu) ?? new WeakSet<GPUBuffer>();
  accepted.set(gpu, known);
  if (known.has(buffer)) return undefined;
  gpu.pushErrorScope('validation');
  const layout = gpu.createBindGroupLayout({
    entries: [{ binding: 0, visibility: 4 /* compute */, buffer: { type: 'storage' } }],
  });
  gpu.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] });
  const error = await gpu.popErrorScope();
  if (error) return `one that it can't bind: ${error.message.split('\n')[0] ?? ''}`;
  known.add(buffer);
  return undefined;
}
