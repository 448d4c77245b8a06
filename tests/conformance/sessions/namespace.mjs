/** What stands beside the classes: env, the module itself. Each in a fresh process, since env is of the process. */

export const programs = {
  'the members that programs touch': (ort) =>
    'InferenceSession Tensor env'.split(' ').map((name) => [name, typeof ort[name]]),
  'registerBackend, TRACE and their like': (ort) =>
    'registerBackend TRACE TRACE_FUNC_BEGIN TRACE_FUNC_END TRACE_EVENT_BEGIN TRACE_EVENT_END'
      .split(' ')
      .map((name) => typeof ort[name]),
  'the default export': (ort) => [
    typeof ort.default,
    ort.default?.Tensor === ort.Tensor,
    ort.default?.InferenceSession === ort.InferenceSession,
    ort.default?.env === ort.env,
  ],
  'env.versions.common': ({ env }) => env.versions.common,
  'env.logLevel': ({ env }) => {
    const levels = [env.logLevel];
    for (const level of ['verbose', 'info', 'warning', 'error', 'fatal']) {
      env.logLevel = level;
      levels.push(env.logLevel);
    }
    return levels;
  },
  'env.debug, env.trace': ({ env }) => {
    const before = [env.debug, env.trace];
    env.debug = false;
    env.trace = false;
    return [before.map(Boolean), env.debug, env.trace];
  },
  'env.wasm': ({ env }) => {
    env.wasm.numThreads = 1;
    env.wasm.simd = true;
    env.wasm.proxy = false;
    env.wasm.initTimeout = 0;
    return [env.wasm.numThreads, env.wasm.simd, env.wasm.proxy, env.wasm.initTimeout];
  },
  'env.webgpu, env.webgl': ({ env }) => {
    env.webgpu.powerPreference = 'low-power';
    env.webgl.pack = true;
    return [env.webgpu.powerPreference, env.webgl.pack];
  },
  'env of a name of the program': ({ env }) => {
    env.mine = 7;
    return env.mine;
  },
  'a session after env.logLevel': async ({ env, InferenceSession, Tensor }, files) => {
    env.logLevel = 'error';
    const session = await InferenceSession.create(await files.bytes('add.onnx'));
    const a = new Tensor('float32', [1, 2, 3, 4], [1, 4]);
    return session.run({ a, b: a });
  },
};

export const nodePrograms = {
  'env.versions.node': ({ env }) => env.versions.node,
  'listSupportedBackends()': ({ listSupportedBackends }) => listSupportedBackends(),
  'require()': (_, files) => {
    const ort = files.required();
    return [typeof ort.InferenceSession.create, typeof ort.Tensor, typeof ort.env];
  },
  'const { InferenceSession, Tensor } = require()': async (_, files) => {
    const { InferenceSession, Tensor } = files.required();
    const session = await InferenceSession.create(files.path('add.onnx'));
    const a = new Tensor('float32', [1, 2, 3, 4], [1, 4]);
    return session.run({ a, b: a });
  },
};

export const webPrograms = {
  'env.versions.web': ({ env }) => env.versions.web,
  'env.wasm.numThreads': async ({ env, InferenceSession, Tensor }, files) => {
    env.wasm.numThreads = 1;
    const session = await InferenceSession.create(await files.bytes('add.onnx'));
    const a = new Tensor('float32', [1, 2, 3, 4], [1, 4]);
    return [await session.run({ a, b: a }), env.wasm.numThreads];
  },
};

/** Each fails. */
export const wrong = {
  'env.logLevel = a level that there is not': ({ env }) => {
    env.logLevel = 'loud';
  },
};
