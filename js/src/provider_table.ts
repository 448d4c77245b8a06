/** The execution providers that ONNX Runtime knows, and the names of their options. */

export interface ProviderFacts {
  /** As the runtime lists what it was built with; empty: no provider of its own. */
  readonly registered: string;
  /** As the generic way to append a provider takes it. */
  readonly generic: string;
  /** The options by the provider's own names. Absent where they are not known: nothing is checked then. */
  readonly options?: readonly string[];
  /** What most names begin with, and may be left out: `trt`. */
  readonly prefix?: string;
  /** How it wants truth to be said; `1` and `0` elsewhere. */
  readonly truth?: readonly [string, string];
  /** Other names: onnxruntime-common's where they differ. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const words = (list: string): readonly string[] => list.trim().split(/\s+/);

const IN_WORDS = ['true', 'false'] as const;

/** NVIDIA's two providers share most options. */
const TENSORRT = `
  max_partition_iterations min_subgraph_size max_workspace_size fp16_enable bf16_enable int8_enable
  int8_calibration_table_name int8_use_native_calibration_table dla_enable dla_core dump_subgraphs
  engine_cache_enable engine_cache_path engine_cache_prefix weight_stripped_engine_enable onnx_model_folder_path
  engine_decryption_enable engine_decryption_lib_path force_sequential_engine_build context_memory_sharing_enable
  layer_norm_fp32_fallback timing_cache_enable timing_cache_path force_timing_cache detailed_build_log
  build_heuristics_enable sparsity_enable builder_optimization_level auxiliary_streams tactic_sources
  extra_plugin_lib_paths profile_min_shapes profile_max_shapes profile_opt_shapes cuda_graph_enable
  dump_ep_context_model ep_context_file_path ep_context_embed_mode engine_hw_compatible op_types_to_exclude
  preview_features load_user_initializer`;
const NV = `
  max_workspace_size max_shared_mem_size dump_subgraphs detailed_build_log profile_min_shapes profile_max_shapes
  profile_opt_shapes multi_profile_enable use_external_data_initializer runtime_cache_path weight_streaming_budget
  op_types_to_exclude`;
const MIGRAPHX = `
  fp16_enable bf16_enable fp8_enable int8_enable int8_calibration_table_name int8_use_native_calibration_table
  save_compiled_model save_model_name load_compiled_model load_model_name model_cache_dir exhaustive_tune mem_limit
  arena_extend_strategy`;

function prefixed(prefix: string, list: string): readonly string[] {
  return ['device_id', ...words(list).map((name) => `${prefix}_${name}`)];
}

export const PROVIDERS: Readonly<Record<string, ProviderFacts>> = {
  acl: { registered: 'ACLExecutionProvider', generic: 'ACL', options: ['enable_fast_math'] },
  armnn: { registered: 'ArmNNExecutionProvider', generic: 'ArmNN', options: ['use_arena'] },
  azure: { registered: 'AzureExecutionProvider', generic: 'AZURE' },
  cann: {
    registered: 'CANNExecutionProvider',
    generic: 'CANN',
    options:
      words(`device_id npu_mem_limit arena_extend_strategy enable_cann_graph enable_cann_subgraph dump_graphs
      dump_om_model precision_mode precision_mode_v2 op_select_impl_mode optypelist_for_implmode input_format
      dynamic_batch_size dynamic_image_size dynamic_dims`),
  },
  coreml: {
    registered: 'CoreMLExecutionProvider',
    generic: 'CoreML',
    options:
      words(`MLComputeUnits ModelFormat RequireStaticInputShapes EnableOnSubgraphs SpecializationStrategy
      ProfileComputePlan AllowLowPrecisionAccumulationOnGPU ModelCacheDirectory`),
    aliases: { enableOnSubgraph: 'EnableOnSubgraphs' },
  },
  cpu: { registered: 'CPUExecutionProvider', generic: 'CPU', options: ['use_arena'] },
  cuda: {
    registered: 'CUDAExecutionProvider',
    generic: 'CUDA',
    options:
      words(`device_id gpu_mem_limit arena_extend_strategy cudnn_conv_algo_search do_copy_in_default_stream
      cudnn_conv_use_max_workspace enable_cuda_graph cudnn_conv1d_pad_to_nc1d tunable_op_enable
      tunable_op_tuning_enable tunable_op_max_tuning_duration_ms enable_skip_layer_norm_strict_mode prefer_nhwc
      use_ep_level_unified_stream use_tf32 fuse_conv_bias sdpa_kernel`),
  },
  dml: {
    registered: 'DmlExecutionProvider',
    generic: 'DML',
    truth: IN_WORDS,
    options:
      words(`device_id device_filter performance_preference disable_metacommands enable_graph_capture
      enable_graph_serialization enable_dynamic_graph_fusion`),
  },
  dnnl: { registered: 'DnnlExecutionProvider', generic: 'Dnnl', options: ['use_arena'] },
  migraphx: {
    registered: 'MIGraphXExecutionProvider',
    generic: 'MIGraphX',
    prefix: 'migraphx',
    options: prefixed('migraphx', MIGRAPHX),
  },
  nnapi: {
    registered: 'NnapiExecutionProvider',
    generic: 'NNAPI',
    options: words('use_fp16 use_nchw cpu_disabled cpu_only'),
  },
  nvtensorrtrtx: {
    registered: 'NvTensorRTRTXExecutionProvider',
    generic: 'NvTensorRtRtx',
    prefix: 'nv',
    options: [...prefixed('nv', NV), 'enable_cuda_graph'],
  },
  openvino: {
    registered: 'OpenVINOExecutionProvider',
    generic: 'OpenVINO',
    truth: IN_WORDS,
    options:
      words(`device_type device_id device_luid precision cache_dir load_config context num_of_threads
      num_streams model_priority enable_opencl_throttling enable_qdq_optimizer enable_causallm disable_dynamic_shapes
      reshape_input layout`),
  },
  qnn: {
    registered: 'QNNExecutionProvider',
    generic: 'QNN',
    options:
      words(`backend_type backend_path profiling_level profiling_file_path rpc_control_latency vtcm_mb
      htp_performance_mode qnn_saver_path qnn_ir_backend_path qnn_context_priority
      htp_graph_finalization_optimization_mode soc_model htp_arch device_id enable_htp_fp16_precision
      offload_graph_io_quantization enable_htp_spill_fill_buffer enable_htp_shared_memory_allocator
      dump_json_qnn_graph json_qnn_graph_dir dump_qnn_ir_dlc dump_qnn_ir_dlc_dir op_packages skip_qnn_version_check`),
    aliases: { enableFp16Precision: 'enable_htp_fp16_precision' },
  },
  rknpu: { registered: 'RknpuExecutionProvider', generic: 'RKNPU', options: [] },
  rocm: {
    registered: 'ROCMExecutionProvider',
    generic: 'ROCM',
    options:
      words(`device_id miopen_conv_exhaustive_search miopen_conv_use_max_workspace gpu_mem_limit
      arena_extend_strategy do_copy_in_default_stream enable_hip_graph tunable_op_enable tunable_op_tuning_enable
      tunable_op_max_tuning_duration_ms`),
  },
  snpe: {
    registered: 'SNPEExecutionProvider',
    generic: 'SNPE',
    options: words('runtime priority buffer_type enable_init_cache'),
  },
  tensorrt: {
    registered: 'TensorrtExecutionProvider',
    generic: 'Tensorrt',
    prefix: 'trt',
    options: prefixed('trt', TENSORRT),
  },
  vitisai: { registered: 'VitisAIExecutionProvider', generic: 'VitisAI' },
  wasm: { registered: '', generic: '', options: [] },
  webgl: { registered: '', generic: '' },
  webgpu: {
    registered: 'WebGpuExecutionProvider',
    generic: 'WebGPU',
    options:
      words(`preferredLayout forceCpuNodeNames validationMode enableRobustness storageBufferCacheMode
      uniformBufferCacheMode queryResolveBufferCacheMode defaultBufferCacheMode device deviceId enableGraphCapture
      enableInt64 dawnBackendType powerPreference preserveDevice maxStorageBufferBindingSize
      maxNumPendingDispatches sessionBufferPoolGenerations multiRotaryCacheConcatOffset enablePIXCapture`),
  },
  webnn: {
    registered: '',
    generic: '',
    options: words('deviceType numThreads powerPreference context gpuDevice'),
  },
  xnnpack: {
    registered: 'XnnpackExecutionProvider',
    generic: 'XNNPACK',
    options: ['intra_op_num_threads'],
  },
};

export const PROVIDER_NAMES: readonly string[] = Object.keys(PROVIDERS);
const BY_ANY_NAME = new Map<string, string>();
for (const [name, { registered, generic }] of Object.entries(PROVIDERS)) {
  for (const each of [name, registered, generic]) BY_ANY_NAME.set(each.toLowerCase(), name);
}
BY_ANY_NAME.delete('');

/** The short name of a provider: "CUDAExecutionProvider" → "cuda". Undefined where no provider is called so. */
export function knownProvider(name: string): string | undefined {
  return BY_ANY_NAME.get(name.toLowerCase());
}
