/** Settings that hold for a page, so each group of them has one of its own. */

const sums = async ({ InferenceSession, Tensor }, files) => {
  const session = await InferenceSession.create(files.path('add.onnx'));
  const four = () => new Tensor('float32', [1, 2, 3, 4], [1, 4]);
  return session.run({ a: four(), b: four() });
};
const DIST = '/node_modules/onnxruntime-web/dist/';
/** The one that the package's main entry takes. */
const WASM = `${DIST}ort-wasm-simd-threaded.jsep.wasm`;

export const paths = {
  pagePrograms: {
    'env.wasm.wasmPaths = a folder, numThreads = 2': (ort, files) => {
      ort.env.wasm.wasmPaths = DIST;
      ort.env.wasm.numThreads = 2;
      return sums(ort, files);
    },
  },
};

export const fullPaths = {
  pagePrograms: {
    'env.wasm.wasmPaths = { wasm }, that of the main entry': (ort, files) => {
      const { origin } = globalThis.location;
      ort.env.wasm.wasmPaths = { wasm: new URL(WASM, origin) };
      return sums(ort, files);
    },
  },
};

export const binary = {
  pagePrograms: {
    'env.wasm.wasmBinary, that of the main entry': async (ort, files) => {
      const response = await fetch(WASM);
      ort.env.wasm.wasmBinary = await response.arrayBuffer();
      return sums(ort, files);
    },
  },
};

export const proxy = {
  pagePrograms: {
    'env.wasm.proxy = true': (ort, files) => {
      ort.env.wasm.proxy = true;
      return sums(ort, files);
    },
  },
};

export const missing = {
  pagePrograms: {},
  wrongInPages: {
    'env.wasm.wasmPaths = a folder that there is not': (ort, files) => {
      ort.env.wasm.wasmPaths = '/no-such-folder/';
      return sums(ort, files);
    },
  },
};
