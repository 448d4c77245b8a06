// One behaviour suite (tests/common) runs on both targets: `infercore` is the addon's build in one project and the
// WebAssembly build in the other. tests/js holds what only Node's entry point has: the command line, the package.
const project = (target, entry, testMatch) => ({
  displayName: target,
  rootDir: import.meta.dirname,
  testMatch,
  testEnvironment: '<rootDir>/tests/environment.cjs',
  testEnvironmentOptions: { target },
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^infercore$': `<rootDir>/dist/esm/${entry}.js`,
    '^infercore/bench$': `<rootDir>/dist/esm/${entry}_bench.js`,
    '^infercore/compat$': `<rootDir>/dist/esm/${entry}_compat.js`,
  },
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/cjs'],
});

export default {
  // Jest's five seconds are too few for a machine that does other work.
  testTimeout: 30_000,
  projects: [
    project('native', 'node', [
      '<rootDir>/tests/common/**/*.test.ts',
      '<rootDir>/tests/conformance/**/*.test.ts',
      '<rootDir>/tests/js/**/*.test.ts',
    ]),
    project('wasm', 'browser', [
      '<rootDir>/tests/common/**/*.test.ts',
      '<rootDir>/tests/conformance/**/*.test.ts',
    ]),
  ],
};
