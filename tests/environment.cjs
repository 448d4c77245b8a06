// Jest runs tests in a realm of its own, but the addon makes its arrays in Node's: `instanceof Float32Array` would be
// false for them. This environment gives the tests' realm Node's own classes. `globalThis.TARGET` and
// `PLACE` tell a test what it runs on (tests/common/surroundings.ts).
const { TestEnvironment } = require('jest-environment-node');

const SHARED = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Atomics',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'Promise',
];

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of SHARED) {
      if (globalThis[name] !== undefined) this.global[name] = globalThis[name];
    }
    this.global.TARGET = this.target;
    const used = [this.target === 'native' ? 'cpu' : 'wasm'];
    this.global.PLACE = { kind: 'node', isolated: true, options: {}, used };
  }

  constructor(config, context) {
    super(config, context);
    this.target = config.projectConfig.testEnvironmentOptions.target;
  }
};
