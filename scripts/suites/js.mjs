import { rmSync } from 'node:fs';
import { at, run } from '../lib/act.mjs';
import { build, buildModels } from '../lib/build_steps.mjs';
import { ensure } from '../lib/needs.mjs';
import { countsOf, readReport, reportPath } from '../lib/suite.mjs';

/** One of the two projects of jest.config.js. */
function jest(project, purpose, products, needs) {
  return {
    name: project,
    purpose,
    async run() {
      await build([...products, 'js', 'types']);
      await buildModels();
      await ensure(needs);
      const report = reportPath(project);
      rmSync(report, { force: true });
      const { code } = await run(
        process.execPath,
        [
          '--experimental-vm-modules',
          '--disable-warning=ExperimentalWarning',
          at('node_modules', 'jest', 'bin', 'jest.js'),
          `--selectProjects=${project}`,
          '--ci',
          '--json',
          `--outputFile=${report}`,
          '--reporters=default',
        ],
        { allowFailure: true },
      );
      const {
        numPassedTests = 0,
        numFailedTests = 0,
        numFailedTestSuites = 0,
      } = readReport(report) ?? {};
      return countsOf(code, numPassedTests, Math.max(numFailedTests, numFailedTestSuites));
    },
  };
}

export const native = jest(
  'native',
  'behaviour on the addon, the command line, the packages',
  ['native', 'wasm-simd', 'wasm-threads'], // the packages hold the module
  ['cases', 'peer'],
);
export const wasm = jest(
  'wasm',
  'the same behaviour on the WebAssembly module',
  ['wasm-simd'],
  ['cases'],
);
