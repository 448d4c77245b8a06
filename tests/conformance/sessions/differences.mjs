/**
 * Where infercore answers otherwise than onnxruntime's packages, on purpose: program → why. docs/drop-in.md tells users. One
 * that is listed here and agrees fails the suite.
 */

const CHECKED = 'a value that the option can not have is told, not passed over';
const each = (names, reason) => Object.fromEntries(names.map((name) => [name, reason]));

/** Everywhere. */
const BOTH = {
  'sessions › release() twice': 'giving back what was given back is no mistake',
  'sessions › a pinned tensor as a feed': 'its data is on the CPU, so it can be fed',
  'options › a provider that there is not, alone':
    "a warning, and the model runs on the CPU; fallback: 'error' makes it an error",
  'namespace › registerBackend, TRACE and their like':
    'there are no backends to register: providers come with ONNX Runtime. Traces are in session.metrics()',
  'options › run: logVerbosityLevel: -1': CHECKED,
};

const NODE = {
  ...BOTH,
  'sessions › create(SharedArrayBuffer)':
    'as onnxruntime-common declares, and onnxruntime-web does',
  'sessions › run(feeds, { output: Tensor }), the very tensor':
    'the tensor that was brought, not another one over its memory',
  'sessions › order of the outputs':
    'a list of names says an order, as in onnxruntime-web; theirs is always that of the model',
  'sessions › 4-bit integers come back': 'the runtime has them',
  'sessions › a text with U+0000 in it': 'a whole text; theirs ends at the U+0000',
  'sessions › an input with a default, fed': 'the value that was fed counts; theirs drops it',
  'sessions › a feed that the model does not have':
    'a wrong name is told, as onnxruntime-web does; theirs drops it',
  'sessions › feeds with a prototype': 'feeds are own properties, as in onnxruntime-web',
  'sessions › a feed that is changed while the run is under way':
    'what was fed when run() was called counts; theirs reads it a turn of the event loop later',
  'sessions › an output that is no tensor': 'sequences and maps become arrays and Maps',
  'sessions › external data as a path': 'a path is a place of data, as onnxruntime-common declares',
  'sessions › external data beside a path, given too': 'the same',
  'sessions › run(feeds, { terminate: true })': 'the run ends, as in onnxruntime-web',
  'options › options that are undefined': 'what is undefined was not given',
  'options › freeDimensionOverrides show in the metadata':
    'the shapes that the session then takes, as in onnxruntime-web',
  ...each(
    [
      "options › executionProviders: ['cuda', 'cpu'] without CUDA",
      "options › executionProviders: ['cuda'] without CUDA",
    ],
    "a warning, and the model runs on the CPU; fallback: 'error' makes it an error",
  ),
  ...each(
    [
      'options › logVerbosityLevel: -1',
      'options › logVerbosityLevel: "0"',
      'options › freeDimensionOverrides: {"batch":-1}',
      'options › freeDimensionOverrides: {"batch":"one"}',
      'options › run: terminate of text',
    ],
    CHECKED,
  ),
  'namespace › env.versions.node':
    "onnxruntime-node's own version; the runtime's is in session.report.runtime.version",
  'namespace › listSupportedBackends()':
    'WebGPU needs a graphics driver, so it is not called bundled',
};

/** onnxruntime-web, in Node and in a page. */
const WEB = {
  ...BOTH,
  'sessions › metadata of dims without a name': "'' as in onnxruntime-node; theirs is 4294967295",
  'sessions › run(feeds, { output: Tensor })':
    'the output is written into the tensor, as in onnxruntime-node; theirs hands it back unchanged',
  'sessions › a text with U+0000 in it': 'an error; theirs ends the text there',
  'sessions › a feed that is undefined and not wanted':
    'what is undefined was not given, as in onnxruntime-node',
  'options › options may be frozen': 'options are read, never written to',
  ...each(
    [
      'options › intraOpNumThreads: -1',
      'options › intraOpNumThreads: 1.5',
      'options › intraOpNumThreads: "2"',
      'options › interOpNumThreads: -1',
      'options › interOpNumThreads: "1"',
      'options › enableCpuMemArena: "yes"',
      'options › enableMemPattern: 1',
      'options › logId: 7',
      'options › enableProfiling: "yes"',
      'options › run: tag of a number',
    ],
    CHECKED,
  ),
};

const WEB_IN_NODE = {
  ...WEB,
  ...each(
    [
      'options › preferredOutputLocation: "moon"',
      'options › preferredOutputLocation: {"sum":"moon"}',
    ],
    CHECKED,
  ),
};

const PAGE = {
  ...WEB,
  ...each(
    [
      'binary › env.wasm.wasmBinary, that of the main entry',
      'fullPaths › env.wasm.wasmPaths = { wasm }, that of the main entry',
    ],
    'the builds are those of onnxruntime-web/wasm, half as large, and onnxruntime-web/webgpu; the error names their files',
  ),
  'sessions › runs that nobody waited for in between':
    'they wait for each other; theirs fails with «Session already started»',
  'namespace › env.versions.web':
    "onnxruntime-web's own version; the runtime's is in session.report.runtime.version",
};

export const DIFFERENCES = { node: NODE, web: WEB_IN_NODE, page: PAGE };
