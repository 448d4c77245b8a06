/** Sessions: each way to create one, to run one, and what one says of itself. */

const four = ({ Tensor }, ...values) => new Tensor('float32', Float32Array.from(values), [1, 4]);
const addFeeds = (ort) => ({ a: four(ort, 1, 2, 3, 4), b: four(ort, 0.1, 0.2, 0.3, 0.4) });
const mixedFeeds = ({ Tensor }) => ({
  numbers: new Tensor('float32', [1, 2, 3, 4], [2, 2]),
  factor: new Tensor('float32', [0.1], []),
  keep: new Tensor('bool', [true, false], [2]),
  labels: new Tensor('string', ['eins', '二'], [2]),
});
const nan = { float32: [1, -0, NaN, Infinity], float64: [0.1, NaN, -0] };
const VALUES = {
  ...nan,
  int8: [-128, 127],
  int16: [-32768, 7],
  int32: [-2147483648, 7],
  uint8: [255],
  uint16: [65535],
  uint32: [4294967295],
  int64: [-(2n ** 63n), 2n],
  uint64: [2n ** 64n - 1n],
  bool: [true, false],
  string: ['', 'grüß dich', '👩'],
};

/** The session of a model by its name, used and released. */
async function withModel({ InferenceSession }, files, name, work, options) {
  const session = await InferenceSession.create(await files.model(name), options);
  try {
    return await work(session);
  } finally {
    await session.release();
  }
}
const runAdd = (ort, files, ...args) =>
  withModel(ort, files, 'add.onnx', (session) => session.run(addFeeds(ort), ...args));

export const programs = {
  'create(path)': async (ort, files) => {
    const session = await ort.InferenceSession.create(files.path('add.onnx'));
    return session.run(addFeeds(ort));
  },
  'create(path, options)': async (ort, files) => {
    const session = await ort.InferenceSession.create(files.path('add.onnx'), {});
    return session.run(addFeeds(ort));
  },
  'create(Uint8Array)': async (ort, files) => {
    const session = await ort.InferenceSession.create(await files.bytes('add.onnx'));
    return session.run(addFeeds(ort));
  },
  'create(a part of a Uint8Array)': async (ort, files) => {
    const bytes = await files.bytes('add.onnx');
    const padded = new Uint8Array(bytes.length + 20).fill(7);
    padded.set(bytes, 10);
    const part = padded.subarray(10, 10 + bytes.length);
    return (await ort.InferenceSession.create(part)).run(addFeeds(ort));
  },
  'create(ArrayBuffer, options)': async (ort, files) => {
    const { buffer } = (await files.bytes('add.onnx')).slice();
    return (await ort.InferenceSession.create(buffer, {})).run(addFeeds(ort));
  },
  'create(ArrayBuffer, byteOffset, byteLength, options)': async (ort, files) => {
    const bytes = await files.bytes('add.onnx');
    const padded = new Uint8Array(bytes.length + 20).fill(7);
    padded.set(bytes, 10);
    const { buffer } = padded;
    const session = await ort.InferenceSession.create(buffer, 10, bytes.length, {});
    return session.run(addFeeds(ort));
  },
  'create(ArrayBuffer, byteOffset)': async (ort, files) => {
    const bytes = await files.bytes('add.onnx');
    const padded = new Uint8Array(bytes.length + 10);
    padded.set(bytes, 10);
    return (await ort.InferenceSession.create(padded.buffer, 10)).run(addFeeds(ort));
  },
  'create(SharedArrayBuffer)': async (ort, files) => {
    const bytes = await files.bytes('add.onnx');
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    return (await ort.InferenceSession.create(shared)).run(addFeeds(ort));
  },
  'several sessions at once': async (ort, files) => {
    const bytes = await files.bytes('add.onnx');
    const sessions = [];
    for (let i = 0; i < 3; i += 1) sessions.push(await ort.InferenceSession.create(bytes));
    const results = [];
    for (const session of sessions) results.push((await session.run(addFeeds(ort))).sum);
    return results;
  },
  'inputNames, outputNames': (ort, files) =>
    withModel(ort, files, 'mixed.onnx', ({ inputNames, outputNames }) => [inputNames, outputNames]),
  'inputMetadata, outputMetadata': (ort, files) =>
    withModel(ort, files, 'mixed.onnx', ({ inputMetadata, outputMetadata }) => [
      inputMetadata,
      outputMetadata,
    ]),
  'metadata of a scalar': (ort, files) =>
    withModel(ort, files, 'scalar.onnx', ({ inputMetadata }) => inputMetadata),
  'metadata of fixed dims': (ort, files) =>
    withModel(ort, files, 'fixed.onnx', ({ inputMetadata }) => inputMetadata),
  'metadata of dims without a name': (ort, files) =>
    withModel(ort, files, 'unnamed-dims.onnx', ({ inputMetadata }) => inputMetadata),
  'metadata of any rank': (ort, files) =>
    withModel(ort, files, 'any-rank.onnx', ({ inputMetadata }) => inputMetadata),
  'metadata of an output that is no tensor': (ort, files) =>
    withModel(ort, files, 'sequence-output.onnx', ({ outputMetadata }) => outputMetadata),
  'instanceof InferenceSession': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) => session instanceof ort.InferenceSession),
  'members of a session': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) =>
      'run release startProfiling endProfiling inputNames outputNames inputMetadata outputMetadata'
        .split(' ')
        .map((name) => [name, typeof session[name]]),
    ),
  'run(feeds)': (ort, files) => runAdd(ort, files),
  'run(feeds, options)': (ort, files) => runAdd(ort, files, { tag: 'x', logSeverityLevel: 4 }),
  'run(feeds, {})': (ort, files) => runAdd(ort, files, {}),
  'run(feeds, undefined)': (ort, files) => runAdd(ort, files, undefined),
  'run(feeds, names)': (ort, files) => runAdd(ort, files, ['sum']),
  'run(feeds, names, options)': (ort, files) =>
    runAdd(ort, files, ['sum'], { logVerbosityLevel: 0, extra: {} }),
  'run(feeds, { output: null })': (ort, files) => runAdd(ort, files, { sum: null }),
  'run(feeds, { output: null }, options)': (ort, files) =>
    runAdd(ort, files, { sum: null }, { terminate: false }),
  'run(feeds, { output: Tensor })': async (ort, files) => {
    const sum = four(ort, 9, 9, 9, 9);
    const result = await runAdd(ort, files, { sum });
    return [result, sum];
  },
  'run(feeds, { output: Tensor }), the very tensor': async (ort, files) => {
    const sum = four(ort, 9, 9, 9, 9);
    const result = await runAdd(ort, files, { sum });
    return result.sum === sum;
  },
  'some of the outputs': (ort, files) =>
    withModel(ort, files, 'mixed.onnx', async (session) => {
      const result = await session.run(mixedFeeds(ort), ['same_labels', 'kept']);
      return [Object.keys(result).sort(), result];
    }),
  'order of the outputs': (ort, files) =>
    withModel(ort, files, 'mixed.onnx', async (session) => [
      Object.keys(await session.run(mixedFeeds(ort))),
      Object.keys(await session.run(mixedFeeds(ort), ['same_labels', 'kept'])),
      Object.keys(await session.run(mixedFeeds(ort), { kept: null, scaled: null })),
    ]),
  'an output is asked for twice': (ort, files) => runAdd(ort, files, ['sum', 'sum']),
  'several types': (ort, files) =>
    withModel(ort, files, 'mixed.onnx', (session) => session.run(mixedFeeds(ort))),
  'an output is an instance of Tensor': async (ort, files) => {
    const { sum } = await runAdd(ort, files);
    return [sum instanceof ort.Tensor, sum.data instanceof Float32Array, sum.location];
  },
  'what an output can do': async (ort, files) => {
    const { sum } = await runAdd(ort, files);
    const data = await sum.getData();
    const shaped = sum.reshape([2, 2]);
    sum.dispose();
    return [data, shaped, sum.location];
  },
  'outputs may be changed': async (ort, files) => {
    const { sum } = await runAdd(ort, files);
    sum.data[0] = 100;
    return sum;
  },
  'an output is the feed of the next run': (ort, files) =>
    withModel(ort, files, 'add.onnx', async (session) => {
      let { sum } = await session.run(addFeeds(ort));
      for (let i = 0; i < 3; i += 1) ({ sum } = await session.run({ a: sum, b: sum }));
      return sum;
    }),
  'each type of elements comes back': async (ort, files) => {
    const results = {};
    for (const [type, values] of Object.entries(VALUES)) {
      const x = new ort.Tensor(type, values, [values.length]);
      results[type] = await withModel(ort, files, `identity-${type}.onnx`, (session) =>
        session.run({ x }),
      );
    }
    return results;
  },
  '16-bit floats come back': (ort, files) =>
    withModel(ort, files, 'identity-float16.onnx', async (session) => {
      const x = new ort.Tensor('float16', Uint16Array.of(0, 0x3c00, 0x8000), [3]);
      const { y } = await session.run({ x });
      return [y.type, y.dims, new Uint16Array(y.data.buffer, y.data.byteOffset, 3)];
    }),
  'no elements': (ort, files) =>
    withModel(ort, files, 'identity-float32.onnx', (session) =>
      session.run({ x: new ort.Tensor('float32', [], [0]) }),
    ),
  'no texts': (ort, files) =>
    withModel(ort, files, 'identity-string.onnx', (session) =>
      session.run({ x: new ort.Tensor('string', [], [0]) }),
    ),
  'a text with U+0000 in it': (ort, files) =>
    withModel(ort, files, 'identity-string.onnx', (session) =>
      session.run({ x: new ort.Tensor('string', ['a\0b'], [1]) }),
    ),
  'a lone surrogate': (ort, files) =>
    withModel(ort, files, 'identity-string.onnx', (session) =>
      session.run({ x: new ort.Tensor('string', ['\ud800!'], [1]) }),
    ),
  'a view of a larger buffer as a feed': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) => {
      const all = Float32Array.of(0, 0, 1, 2, 3, 4, 0);
      const part = new ort.Tensor('float32', all.subarray(2, 6), [1, 4]);
      return session.run({ a: part, b: part });
    }),
  "a tensor of Node's Buffer": (ort, files) =>
    withModel(ort, files, 'identity-uint8.onnx', (session) => {
      const x = new ort.Tensor(
        'uint8',
        globalThis.Buffer?.from('abc') ?? Uint8Array.of(97, 98, 99),
      );
      return session.run({ x });
    }).then(({ y }) => Array.from(y.data)),
  'a pinned tensor as a feed': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) => {
      const a = ort.Tensor.fromPinnedBuffer('float32', Float32Array.of(1, 2, 3, 4), [1, 4]);
      return session.run({ a, b: a });
    }),
  'no inputs': (ort, files) => withModel(ort, files, 'no-input.onnx', (session) => session.run({})),
  'an input with a default, left out': (ort, files) =>
    withModel(ort, files, 'default-input.onnx', async (session) => [
      session.inputNames,
      await session.run({ x: new ort.Tensor('float32', [1], [1]) }),
    ]),
  'a feed that is undefined and not wanted': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) => session.run({ ...addFeeds(ort), c: undefined })),
  'feeds of an object without a prototype': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) =>
      session.run(Object.assign(Object.create(null), addFeeds(ort))),
    ),
  'feeds that are frozen': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) => session.run(Object.freeze(addFeeds(ort)))),
  'runs that nobody waited for in between': (ort, files) =>
    withModel(ort, files, 'slow.onnx', (session) => {
      const runs = [1, 2, 3].map((count) =>
        session.run({ iterations: new ort.Tensor('int64', [count], []) }),
      );
      return Promise.all(runs);
    }),
  'a feed that is changed while the run is under way': async (ort, files) =>
    withModel(ort, files, 'add.onnx', async (session) => {
      const feeds = addFeeds(ort);
      const running = session.run(feeds);
      feeds.a.data[0] = 1000;
      return running;
    }),
  'an output that is no tensor, not asked for': (ort, files) =>
    withModel(ort, files, 'classifier.onnx', (session) =>
      session.run({ x: new ort.Tensor('float32', [1, 2, 3], [1, 3]) }, ['label']),
    ),
  'external data as bytes': async (ort, files) => {
    const data = await files.bytes('external-data/weights.bin');
    const session = await ort.InferenceSession.create(
      await files.bytes('external-data/model.onnx'),
      { externalData: [{ path: 'weights.bin', data }] },
    );
    return session.run({ x: four(ort, 0, 0, 0, 0) });
  },
  'external data as a path': async (ort, files) => {
    const data = files.path('external-data/weights.bin');
    const session = await ort.InferenceSession.create(
      await files.bytes('external-data/model.onnx'),
      { externalData: [{ path: 'weights.bin', data }] },
    );
    return session.run({ x: four(ort, 0, 0, 0, 0) });
  },
  'external data beside a path, given too': async (ort, files) => {
    const data = files.path('external-data/weights.bin');
    const session = await ort.InferenceSession.create(files.path('external-data/model.onnx'), {
      externalData: [{ path: 'weights.bin', data }],
    });
    return session.run({ x: four(ort, 0, 0, 0, 0) });
  },
  'a session goes on after a failed run': (ort, files) =>
    withModel(ort, files, 'fail-gather.onnx', async (session) => {
      const run = (index) => session.run({ index: new ort.Tensor('int64', [index], [1]) });
      const failed = await run(4).then(
        () => false,
        (error) => error instanceof Error,
      );
      return [failed, await run(3)];
    }),
  'startProfiling(), endProfiling() without enableProfiling': (ort, files) =>
    withModel(ort, files, 'add.onnx', async (session) => {
      session.startProfiling();
      const result = await session.run(addFeeds(ort));
      session.endProfiling();
      return result;
    }),
  'release()': async (ort, files) => {
    const session = await ort.InferenceSession.create(await files.bytes('add.onnx'));
    await session.run(addFeeds(ort));
    return (await session.release()) ?? null;
  },
  'names and metadata after release()': async (ort, files) => {
    const session = await ort.InferenceSession.create(await files.bytes('add.onnx'));
    await session.release();
    return [session.inputNames, session.outputMetadata];
  },
  'an output after release()': async (ort, files) => {
    const session = await ort.InferenceSession.create(await files.bytes('add.onnx'));
    const { sum } = await session.run(addFeeds(ort));
    await session.release();
    return sum;
  },
  'release() twice': async (ort, files) => {
    const session = await ort.InferenceSession.create(await files.bytes('add.onnx'));
    await session.release();
    return (await session.release()) ?? null;
  },
};

/** For onnxruntime-node: onnxruntime-web can't. */
export const nodePrograms = {
  '4-bit integers come back': (ort, files) =>
    withModel(ort, files, 'identity-uint4.onnx', async (session) => {
      const { y } = await session.run({ x: new ort.Tensor('uint4', Uint8Array.of(0x21), [2]) });
      return y;
    }),
  'an input with a default, fed': (ort, files) =>
    withModel(ort, files, 'default-input.onnx', (session) => {
      const [x, offset] = [1, 5].map((value) => new ort.Tensor('float32', [value], [1]));
      return session.run({ x, offset });
    }),
  'a feed that the model does not have': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) =>
      session.run({ ...addFeeds(ort), c: four(ort, 0, 0, 0, 0) }),
    ),
  'feeds with a prototype': (ort, files) =>
    withModel(ort, files, 'add.onnx', (session) => session.run(Object.create(addFeeds(ort)))),
  'an output that is no tensor': (ort, files) =>
    withModel(ort, files, 'sequence-output.onnx', (session) =>
      session.run({ x: new ort.Tensor('float32', [1, 2], [2]) }),
    ),
  'external data beside the model': async (ort, files) => {
    const session = await ort.InferenceSession.create(files.path('external-data/model.onnx'));
    return session.run({ x: four(ort, 0, 0, 0, 0) });
  },
};

/** Each fails. */
export const wrong = {
  'create() without a model': ({ InferenceSession }) => InferenceSession.create(),
  'create(null)': ({ InferenceSession }) => InferenceSession.create(null),
  'create(number)': ({ InferenceSession }) => InferenceSession.create(7),
  'create(path of nothing)': ({ InferenceSession }, files) =>
    InferenceSession.create(files.path('no-such-model.onnx')),
  'create(bytes that are no model)': ({ InferenceSession }) =>
    InferenceSession.create(new TextEncoder().encode('<!doctype html><p>not found')),
  'create(no bytes)': ({ InferenceSession }) => InferenceSession.create(new Uint8Array(0)),
  'create(half a model)': async ({ InferenceSession }, files) => {
    const bytes = await files.bytes('slow.onnx');
    return InferenceSession.create(bytes.slice(0, bytes.length / 2));
  },
  'create(a model with an operator that there is not)': async ({ InferenceSession }, files) =>
    InferenceSession.create(await files.bytes('unknown-operator.onnx')),
  'create(path, text)': ({ InferenceSession }, files) =>
    InferenceSession.create(files.path('add.onnx'), 'all'),
  'create(bytes, number)': async ({ InferenceSession }, files) =>
    InferenceSession.create(await files.bytes('add.onnx'), 3),
  'create(buffer, -1)': ({ InferenceSession }) => InferenceSession.create(new ArrayBuffer(8), -1),
  'create(buffer, 0.5)': ({ InferenceSession }) => InferenceSession.create(new ArrayBuffer(8), 0.5),
  'create(buffer, beyond its end)': ({ InferenceSession }) =>
    InferenceSession.create(new ArrayBuffer(8), 9),
  'create(buffer, 0, too much)': ({ InferenceSession }) =>
    InferenceSession.create(new ArrayBuffer(8), 0, 9),
  'create(buffer, 0, text)': ({ InferenceSession }) =>
    InferenceSession.create(new ArrayBuffer(8), 0, '8'),
  'create(external data left out)': async ({ InferenceSession }, files) =>
    InferenceSession.create(await files.bytes('external-data/model.onnx')),
  ...Object.fromEntries(
    [
      ['run()', () => []],
      ['run(null)', () => [null]],
      ['run(a tensor)', (ort) => [addFeeds(ort).a]],
      ['run(a list)', (ort) => [Object.values(addFeeds(ort))]],
      ['run({})', () => [{}]],
      ['run(a feed is missing)', (ort) => [{ a: addFeeds(ort).a }]],
      ['run(a feed is null)', (ort) => [{ ...addFeeds(ort), b: null }]],
      ['run(a feed is an array)', (ort) => [{ ...addFeeds(ort), b: [1, 2, 3, 4] }]],
      [
        'run(a feed is a typed array)',
        (ort) => [{ ...addFeeds(ort), b: Float32Array.of(1, 2, 3, 4) }],
      ],
      [
        'run(a feed of another type)',
        (ort) => [{ ...addFeeds(ort), b: new ort.Tensor('int32', [1, 2, 3, 4], [1, 4]) }],
      ],
      [
        'run(a feed of another rank)',
        (ort) => [{ ...addFeeds(ort), b: new ort.Tensor('float32', [1, 2, 3, 4], [4]) }],
      ],
      [
        'run(a feed of other dims)',
        (ort) => [{ ...addFeeds(ort), b: new ort.Tensor('float32', [1, 2, 3], [1, 3]) }],
      ],
      [
        'run(a feed is disposed)',
        (ort) => {
          const feeds = addFeeds(ort);
          feeds.a.dispose();
          return [feeds];
        },
      ],
      [
        'run(a feed is on the GPU)',
        (ort) => [{ ...addFeeds(ort), b: ort.Tensor.fromGpuBuffer({}, { dims: [1, 4] }) }],
      ],
      ['run(feeds, null)', (ort) => [addFeeds(ort), null]],
      ['run(feeds, a tensor)', (ort) => [addFeeds(ort), addFeeds(ort).a]],
      ['run(feeds, [])', (ort) => [addFeeds(ort), []]],
      ['run(feeds, [an unknown name])', (ort) => [addFeeds(ort), ['product']]],
      ['run(feeds, [no name])', (ort) => [addFeeds(ort), [1]]],
      ['run(feeds, text)', (ort) => [addFeeds(ort), 'sum']],
      ['run(feeds, number)', (ort) => [addFeeds(ort), 1]],
      ['run(feeds, names, text)', (ort) => [addFeeds(ort), ['sum'], 'options']],
      ['run(feeds, names, number)', (ort) => [addFeeds(ort), ['sum'], 1]],
      ['run(feeds, { terminate: true })', (ort) => [addFeeds(ort), { terminate: true }]],
      [
        'run(feeds, a tensor of another type)',
        (ort) => [addFeeds(ort), { sum: new ort.Tensor('int32', [1, 2, 3, 4], [1, 4]) }],
      ],
      [
        'run(feeds, a tensor of other dims)',
        (ort) => [addFeeds(ort), { sum: new ort.Tensor('float32', [1, 2], [1, 2]) }],
      ],
      [
        'run(feeds, a disposed tensor)',
        (ort) => {
          const sum = addFeeds(ort).a;
          sum.dispose();
          return [addFeeds(ort), { sum }];
        },
      ],
    ].map(([name, args]) => [
      name,
      (ort, files) => withModel(ort, files, 'add.onnx', (session) => session.run(...args(ort))),
    ]),
  ),
  'run(dims that differ where they share a name)': (ort, files) =>
    withModel(ort, files, 'shared-batch.onnx', (session) => {
      const a = new ort.Tensor('float32', [1, 2, 3], [1, 3]);
      return session.run({ a, b: new ort.Tensor('float32', [1, 2, 3, 4], [2, 2]) });
    }),
  'run(an index beyond the table)': (ort, files) =>
    withModel(ort, files, 'fail-gather.onnx', (session) =>
      session.run({ index: new ort.Tensor('int64', [4], [1]) }),
    ),
  'run() after release()': async (ort, files) => {
    const session = await ort.InferenceSession.create(await files.bytes('add.onnx'));
    await session.release();
    return session.run(addFeeds(ort));
  },
};
