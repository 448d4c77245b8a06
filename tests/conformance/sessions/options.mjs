/** Options of sessions and runs, each as a program would give it. */

const feeds = ({ Tensor }) => {
  const a = new Tensor('float32', [1, 2, 3, 4], [1, 4]);
  return { a, b: a };
};

/** The same sums, whatever the options. */
const adds = (options) => async (ort, files) => {
  const session = await ort.InferenceSession.create(await files.bytes('add.onnx'), options);
  const result = await session.run(feeds(ort));
  await session.release();
  return result;
};
const runs = (options) => async (ort, files) => {
  const session = await ort.InferenceSession.create(await files.bytes('add.onnx'));
  const result = await session.run(feeds(ort), options);
  await session.release();
  return result;
};

const RIGHT = {
  intraOpNumThreads: [0, 1, 2],
  interOpNumThreads: [0, 1, 2],
  graphOptimizationLevel: ['disabled', 'basic', 'extended', 'layout', 'all'],
  enableCpuMemArena: [true, false],
  enableMemPattern: [true, false],
  executionMode: ['sequential', 'parallel'],
  logId: ['', 'mine'],
  logSeverityLevel: [3, 4],
  logVerbosityLevel: [0, 1],
  freeDimensionOverrides: [{ batch: 1 }, {}],
  preferredOutputLocation: ['cpu', { sum: 'cpu' }],
  enableGraphCapture: [false],
  enableProfiling: [false],
  extra: [
    {},
    { session: { set_denormal_as_zero: '1', disable_prepacking: '1' } },
    { session: { intra_op: { allow_spinning: '0' } } },
    { optimization: { enable_gelu_approximation: '1' } },
    { 'session.set_denormal_as_zero': '1' },
  ],
  externalData: [[]],
};
const WRONG = {
  intraOpNumThreads: [-1, 1.5, '2'],
  interOpNumThreads: [-1, '1'],
  graphOptimizationLevel: ['most', true],
  executionMode: ['both', 1],
  enableCpuMemArena: ['yes'],
  enableMemPattern: [1],
  logSeverityLevel: [5, -1, 'warning'],
  logVerbosityLevel: [-1, '0'],
  logId: [7],
  freeDimensionOverrides: [{ batch: -1 }, { batch: 'one' }],
  preferredOutputLocation: ['moon', { sum: 'moon' }],
  executionProviders: ['cpu', [7], [{}]],
  enableProfiling: ['yes'],
};

const each = (table, make) =>
  Object.fromEntries(
    Object.entries(table).flatMap(([name, values]) =>
      values.map((value) => [`${name}: ${JSON.stringify(value)}`, make({ [name]: value })]),
    ),
  );

export const programs = {
  ...each(RIGHT, adds),
  'options that are undefined': adds({
    executionProviders: undefined,
    intraOpNumThreads: undefined,
    graphOptimizationLevel: undefined,
    extra: undefined,
  }),
  'an option that there is not': adds({ numThreads: 3, enableMemoryArena: true }),
  'executionProviders: []': adds({ executionProviders: [] }),
  'a provider that there is not, alone': adds({ executionProviders: ['nosuch'] }),
  'a provider that there is not, before one that there is': async (ort, files) => {
    const [{ name }] = ort.listSupportedBackends?.() ?? [{ name: 'wasm' }];
    return adds({ executionProviders: ['nosuch', name] })(ort, files);
  },
  'freeDimensionOverrides show in the metadata': async (ort, files) => {
    const options = { freeDimensionOverrides: { batch: 2 } };
    const session = await ort.InferenceSession.create(await files.bytes('add.onnx'), options);
    return session.inputMetadata;
  },
  'freeDimensionOverrides of a name that there is not': adds({
    freeDimensionOverrides: { nosuch: 2 },
  }),
  'options may be frozen': adds(Object.freeze({ graphOptimizationLevel: 'basic' })),
  'run: tag': runs({ tag: 'mine' }),
  'run: logSeverityLevel': runs({ logSeverityLevel: 3 }),
  'run: logVerbosityLevel': runs({ logVerbosityLevel: 1 }),
  'run: terminate: false': runs({ terminate: false }),
  'run: an option that there is not': runs({ priorities: 3 }),
};

/** For onnxruntime-node. */
export const nodePrograms = {
  'run: extra': runs({ extra: { memory: { enable_memory_arena_shrinkage: 'cpu:0' } } }),
  "executionProviders: ['cpu']": adds({ executionProviders: ['cpu'] }),
  "executionProviders: [{ name: 'cpu' }]": adds({ executionProviders: [{ name: 'cpu' }] }),
  'executionProviders: useArena': adds({ executionProviders: [{ name: 'cpu', useArena: false }] }),
  "executionProviders: ['cuda', 'cpu'] without CUDA": adds({ executionProviders: ['cuda', 'cpu'] }),
  "executionProviders: ['cuda'] without CUDA": adds({ executionProviders: ['cuda'] }),
  "executionProviders: ['wasm', 'cpu']": adds({ executionProviders: ['wasm', 'cpu'] }),
  optimizedModelFilePath: async (ort, files) => {
    const path = files.fresh('optimized.onnx');
    const session = await ort.InferenceSession.create(files.path('mixed.onnx'), {
      optimizedModelFilePath: path,
      graphOptimizationLevel: 'basic',
    });
    await session.release();
    const again = await ort.InferenceSession.create(path);
    return [again.inputNames, again.outputMetadata];
  },
  'enableProfiling, profileFilePrefix, endProfiling()': async (ort, files) => {
    const prefix = files.fresh('profile');
    const session = await ort.InferenceSession.create(files.path('add.onnx'), {
      enableProfiling: true,
      profileFilePrefix: prefix,
    });
    session.startProfiling();
    await session.run(feeds(ort));
    session.endProfiling();
    const profiles = files.startingWith(prefix);
    const events = JSON.parse(files.text(profiles[0]));
    return [profiles.length, events.some(({ cat }) => cat === 'Node'), events[0].cat];
  },
  'enableProfiling, release() alone': async (ort, files) => {
    const prefix = files.fresh('profile');
    const session = await ort.InferenceSession.create(files.path('add.onnx'), {
      enableProfiling: true,
      profileFilePrefix: prefix,
    });
    await session.run(feeds(ort));
    await session.release();
    return files.startingWith(prefix).length;
  },
};

/** For onnxruntime-web. */
export const webPrograms = {
  "executionProviders: ['wasm']": adds({ executionProviders: ['wasm'] }),
  "executionProviders: [{ name: 'wasm' }]": adds({ executionProviders: [{ name: 'wasm' }] }),
};

/** Each fails. */
export const wrong = {
  ...each(WRONG, adds),
  'run: logSeverityLevel: 7': runs({ logSeverityLevel: 7 }),
  'run: logSeverityLevel of text': runs({ logSeverityLevel: 'error' }),
  'run: logVerbosityLevel: -1': runs({ logVerbosityLevel: -1 }),
  'run: terminate of text': runs({ terminate: 'no' }),
  'run: tag of a number': runs({ tag: 7 }),
};
