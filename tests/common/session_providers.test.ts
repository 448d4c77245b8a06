/** Execution providers: their names and options, and what becomes of those that are not there. */
import { expect, test } from '@jest/globals';
import { InferenceSession } from 'infercore';
import type { SessionOptions, Warning } from 'infercore';
import { faultsOf, model } from './models';
import { besideAmbient } from './surroundings';

type Providers = NonNullable<SessionOptions['executionProviders']>;

/** Asks for providers that no machine of the tests has, and hears what is said about it. */
async function ask(executionProviders: readonly unknown[]) {
  const heard: Warning[] = [];
  const session = await InferenceSession.create(model('add'), {
    executionProviders: executionProviders as Providers,
    onWarning: (warning) => heard.push(warning),
  });
  const { providers } = session.report;
  await session.dispose();
  return { providers, warnings: besideAmbient(heard) };
}

const ABSENT = (
  'acl armnn azure cann coreml cuda dml dnnl migraphx nnapi nvtensorrtrtx openvino qnn rknpu rocm snpe tensorrt ' +
  'vitisai xnnpack'
).split(' ');

test('each provider of ONNX Runtime can be asked for; the reason why it is not used is told', async () => {
  const { providers, warnings } = await ask([...ABSENT, 'cpu']);
  expect(providers.asked).toEqual([...ABSENT, 'cpu']);
  expect(providers.used).toEqual([TARGET === 'native' ? 'cpu' : 'wasm']);
  expect(providers.skipped.map(({ name }) => name)).toEqual(ABSENT);
  for (const { reason } of providers.skipped) expect(reason.length).toBeGreaterThan(10);
  expect(warnings.map(({ code }) => code)).toEqual(ABSENT.map(() => 'PROVIDER_SKIPPED'));
});

test("ONNX Runtime's own names are known, too", async () => {
  const { providers } = await ask(['CUDAExecutionProvider', 'NvTensorRtRtx', 'CUDA', 'QNN']);
  expect(providers.asked).toEqual(['cuda', 'nvtensorrtrtx', 'qnn']);
});

test('an unknown option of a provider is a warning, with «did you mean»', async () => {
  const { warnings } = await ask([
    { name: 'cuda', deviceId: 0, gpuMemLimt: 1 },
    { name: 'tensorrt', fp16: true, engineCachPath: 'x' },
    { name: 'cpu', options: { usearena: true, nonsense: 1 } },
  ]);
  const unknown = warnings.filter(({ code }) => code === 'OPTION_UNKNOWN');
  expect(unknown.map(({ message }) => message)).toEqual([
    'unknown option "gpuMemLimt" (did you mean "gpu_mem_limit"?) of execution provider "cuda"',
    'unknown option "engineCachPath" (did you mean "trt_engine_cache_path"?) of execution provider "tensorrt"',
    'unknown option "nonsense" of execution provider "cpu"',
  ]);
});

test('what is no configuration of a provider, all at once', async () => {
  const executionProviders = [
    { name: 'cuda', user_compute_stream: '1' },
    { name: 'x', library: 7 },
    { name: 'cuda', options: ['device_id'] },
  ] as unknown as Providers;
  const create = InferenceSession.create(model('add'), { executionProviders });
  expect(await faultsOf(create, 'INVALID_OPTION')).toEqual([
    'expected no address of memory for executionProviders[0].user_compute_stream: JavaScript has none to give',
    'expected the path of a library for executionProviders[1].library, received 7',
    'expected an object for executionProviders[2].options, received an array of 1',
  ]);
});

test('a plugin whose library is not there', async () => {
  const { providers, warnings } = await ask([
    { name: 'some_ep', library: '/no/such/ep.so' },
    'cpu',
  ]);
  expect(providers.asked).toEqual(['some_ep', 'cpu']);
  expect(providers.skipped.map(({ name }) => name)).toEqual(['some_ep']);
  const reason = TARGET === 'native' ? '/no/such/ep.so' : 'a page loads no libraries';
  expect(providers.skipped[0]?.reason).toContain(reason);
  expect(warnings.map(({ code }) => code)).toEqual(['PROVIDER_SKIPPED']);
});
