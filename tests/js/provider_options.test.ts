/** What providers are told: most are not at hand, so their options are looked at before the runtime gets them. */
import { expect, test } from '@jest/globals';
import type { readProviderOptions } from '../../js/src/provider_options.js';
import { sourceModule } from './source_module';

const source = sourceModule<{ readProviderOptions: typeof readProviderOptions }>(
  'provider_options',
);

/** Names that are all known. */
async function told(provider: string, given: Record<string, unknown>) {
  const { readProviderOptions: read } = await source;
  const { options, strangers } = read(provider, given, provider, {
    add: (path: string, message: string) => {
      throw new Error(`${path}: ${message}`);
    },
  } as unknown as Parameters<typeof read>[3]);
  expect(strangers).toEqual([]);
  return options;
}

const cases: [provider: string, given: Record<string, unknown>, told: Record<string, string>][] = [
  [
    'cuda',
    { deviceId: 1, gpuMemLimit: 2 ** 31, tf32: false, cudaGraph: true, prefer_nhwc: '1' },
    {
      device_id: '1',
      gpu_mem_limit: '2147483648',
      use_tf32: '0',
      enable_cuda_graph: '1',
      prefer_nhwc: '1',
    },
  ],
  [
    'tensorrt',
    { fp16: true, engineCache: '/var/cache', maxWorkspaceSize: 1024, trt_dla_core: 1 },
    {
      trt_fp16_enable: '1',
      trt_engine_cache_enable: '1',
      trt_engine_cache_path: '/var/cache',
      trt_max_workspace_size: '1024',
      trt_dla_core: '1',
    },
  ],
  ['tensorrt', { engineCache: false }, { trt_engine_cache_enable: '0' }],
  [
    'tensorrt',
    { engineCacheEnable: '1', engineCachePath: 'x' },
    { trt_engine_cache_enable: '1', trt_engine_cache_path: 'x' },
  ],
  [
    'nvtensorrtrtx',
    { runtimeCachePath: 'x', enableCudaGraph: true },
    { nv_runtime_cache_path: 'x', enable_cuda_graph: '1' },
  ],
  ['migraphx', { fp16: true }, { migraphx_fp16_enable: '1' }],
  [
    'openvino',
    { deviceType: 'NPU', enableQdqOptimizer: true },
    { device_type: 'NPU', enable_qdq_optimizer: 'true' },
  ],
  [
    'dml',
    { deviceId: 0, disableMetacommands: false },
    { device_id: '0', disable_metacommands: 'false' },
  ],
  [
    'qnn',
    { backendType: 'htp', enableFp16Precision: true },
    { backend_type: 'htp', enable_htp_fp16_precision: '1' },
  ],
  [
    'coreml',
    { modelFormat: 'MLProgram', MLComputeUnits: 'ALL' },
    { ModelFormat: 'MLProgram', MLComputeUnits: 'ALL' },
  ],
  ['coreml', { coreMlFlags: 0x12 }, { EnableOnSubgraphs: '1', ModelFormat: 'MLProgram' }],
  ['coreml', { useCPUAndGPU: true, useCPUOnly: false }, { MLComputeUnits: 'CPUAndGPU' }],
  ['webgpu', { preferredLayout: 'NHWC', forceCpuNodeNames: ['a'] }, { preferredLayout: 'NHWC' }],
  ['xnnpack', { intraOpNumThreads: 2, options: undefined }, { intra_op_num_threads: '2' }],
  ['vitisai', { configFile: 'x.json' }, { config_file: 'x.json' }],
  // A plugin has a way of its own.
  ['', { someOption: true, other_option: 'x' }, { someOption: '1', other_option: 'x' }],
];
test.each(cases)('%s is told %j as %j', async (provider, given, expected) => {
  expect(await told(provider, given)).toEqual(expected);
});

test.each([
  ['cuda', 'userComputeStream'],
  ['cuda', 'gpu_external_alloc'],
  ['tensorrt', 'user_compute_stream'],
  ['tensorrt', 'externalDataBytestream'],
  ['webgpu', 'webgpuDevice'],
])('%s gets no address of memory as %s', async (provider, name) => {
  await expect(told(provider, { [name]: '140737488355328' })).rejects.toThrow(
    `expected no address of memory for ${provider}.${name}`,
  );
});
