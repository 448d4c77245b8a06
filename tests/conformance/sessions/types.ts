/** A program's types: this file compiles the same against onnxruntime-node, onnxruntime-web and this library. */
import * as ort from 'infercore';
import { env, InferenceSession, Tensor } from 'infercore';
import type { Env, TensorFromImageDataOptions, TypedTensor } from 'infercore';

const threads: InferenceSession.SessionOptions['intraOpNumThreads'] = 2;

export const options: InferenceSession.SessionOptions = {
  executionProviders: ['cpu', { name: 'cuda', deviceId: 0 }, { name: 'tensorrt' }],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  freeDimensionOverrides: { batch: 1 },
  graphOptimizationLevel: 'all',
  enableCpuMemArena: true,
  enableMemPattern: true,
  executionMode: 'sequential',
  optimizedModelFilePath: 'optimized.onnx',
  enableProfiling: false,
  profileFilePrefix: 'profile',
  logId: 'mine',
  logSeverityLevel: 3,
  logVerbosityLevel: 0,
  preferredOutputLocation: { sum: 'cpu' },
  enableGraphCapture: false,
  extra: { session: { set_denormal_as_zero: '1' } },
  externalData: ['weights.bin', { path: 'more.bin', data: new Uint8Array(4) }],
};

const cuda: InferenceSession.CudaExecutionProviderOption = { name: 'cuda', deviceId: 1 };
const provider: InferenceSession.ExecutionProviderConfig = cuda;
export const name: InferenceSession.ExecutionProviderName = 'webgpu';

/** Each form of create. */
export async function create(path: string, bytes: Uint8Array): Promise<InferenceSession[]> {
  const { buffer } = bytes;
  return Promise.all([
    InferenceSession.create(path),
    InferenceSession.create(path, options),
    InferenceSession.create(bytes, { executionProviders: [provider] }),
    InferenceSession.create(buffer),
    InferenceSession.create(buffer, options),
    InferenceSession.create(buffer, 0, 8, options),
    ort.InferenceSession.create(path),
  ]);
}

export class Classifier {
  private session: ort.InferenceSession | undefined;
  private feeds: Record<string, ort.Tensor> = {};

  async load(path: string): Promise<void> {
    this.session = await ort.InferenceSession.create(path);
    const [first] = this.session.inputMetadata;
    if (first?.isTensor) this.describe(first);
  }

  private describe(metadata: InferenceSession.TensorValueMetadata): Tensor.Type {
    const rank: number = metadata.shape.length;
    return rank > 0 ? metadata.type : 'float32';
  }

  async run(values: Float32Array, runOptions?: InferenceSession.RunOptions): Promise<number[]> {
    if (!this.session) throw new Error('load first');
    const [input] = this.session.inputNames;
    this.feeds = { [input ?? 'x']: new Tensor('float32', values, [1, values.length]) };
    const results: InferenceSession.OnnxValueMapType = await this.session.run(
      this.feeds,
      runOptions,
    );
    const fetches: InferenceSession.FetchesType = { sum: null };
    const again = await this.session.run(this.feeds, fetches, { tag: 'again' });
    const named = await this.session.run(this.feeds, ['sum']);
    const output = results['sum'] ?? again['sum'] ?? named['sum'];
    const data = output?.data as Float32Array;
    const size: number | undefined = output?.size;
    const dims: readonly number[] | undefined = output?.dims;
    await this.session.release();
    return [...data, size ?? 0, ...(dims ?? [])];
  }
}

export const tensors: readonly Tensor[] = [
  new Tensor('float32', [1, 2], [2]),
  new Tensor('int64', BigInt64Array.of(1n), [1]),
  new Tensor('int64', [1, 2]),
  new Tensor('string', ['a']),
  new Tensor('bool', [true]),
  new Tensor(Float32Array.of(1), [1]),
  new Tensor(['a', 'b']),
];
export const typed: TypedTensor<'int64'> = new Tensor('int64', [1n], [1]);
export const big: bigint | undefined = typed.data[0];
export const place: Tensor.DataLocation = typed.location;
export const shaped: TypedTensor<'int64'> = typed.reshape([1, 1]);
export const picture: TensorFromImageDataOptions = { tensorFormat: 'RGB', norm: { mean: 1 } };

export function configure(settings: Env): string {
  settings.wasm.numThreads = 1;
  settings.wasm.wasmPaths = { wasm: 'ort.wasm' };
  settings.logLevel = 'warning';
  return settings.versions.common;
}
configure(env);
configure(ort.env);

// What does not compile there, does not here.
export const wrong = [
  // @ts-expect-error -- there is no such type of tensor
  () => new Tensor('float', [1]),
  // @ts-expect-error -- a model is needed
  () => InferenceSession.create(),
  // @ts-expect-error -- feeds are Tensors
  (session: InferenceSession) => session.run({ x: [1, 2] }),
  // @ts-expect-error -- no such level
  () => InferenceSession.create('model.onnx', { graphOptimizationLevel: 'most' }),
  // @ts-expect-error -- threads are counted
  () => InferenceSession.create('model.onnx', { intraOpNumThreads: '2' }),
];
