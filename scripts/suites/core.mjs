import { rmSync } from 'node:fs';
import { at, run } from '../lib/act.mjs';
import { buildCoreTests } from '../lib/build_steps.mjs';
import { countsOf, readReport, reportPath } from '../lib/suite.mjs';

/** @type {import('../lib/suite.mjs').Suite} */
export default {
  name: 'core',
  purpose: "the core's tests (GoogleTest, AddressSanitizer, UndefinedBehaviorSanitizer)",
  async run() {
    await buildCoreTests();
    const report = reportPath('core');
    rmSync(report, { force: true });
    const tests = at('build', 'native-asan', 'tests', 'core', 'core_tests');
    const { code } = await run(tests, [`--gtest_output=json:${report}`, '--gtest_brief=1'], {
      allowFailure: true,
    });
    const { tests: ran = 0, failures = 0, disabled = 0 } = readReport(report) ?? {};
    return countsOf(code, ran - failures - disabled, failures);
  },
};
