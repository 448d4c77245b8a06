import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { at, run } from '../lib/act.mjs';
import { buildCoreTests } from '../lib/build_steps.mjs';

const SECONDS = Number(process.env.INFERCORE_FUZZ_SECONDS ?? 10);

/** @type {import('../lib/suite.mjs').Suite} */
export default {
  name: 'fuzz',
  purpose: `each fuzzer on its seeds, then ${SECONDS} s of new inputs (INFERCORE_FUZZ_SECONDS)`,
  async run() {
    await buildCoreTests();
    const counts = { passed: 0, failed: 0 };
    const fuzzers = readdirSync(at('tests', 'fuzz')).filter((file) => file.endsWith('_fuzzer.cc'));
    for (const file of fuzzers) {
      const name = file.replace('.cc', '');
      const seeds = at('tests', 'fuzz', 'corpus', name.replace('_fuzzer', ''));
      const found = at('build', 'fuzz', 'corpus', name);
      mkdirSync(found, { recursive: true });
      const { code, output } = await run(
        at('build', 'native-asan', 'tests', 'fuzz', name),
        [
          found,
          ...(existsSync(seeds) ? [seeds] : []),
          `-max_total_time=${SECONDS}`,
          '-timeout=10',
          '-rss_limit_mb=2048',
          `-artifact_prefix=${at('build', 'fuzz', name)}-`,
          '-print_final_stats=1',
          '-verbosity=0',
        ],
        { capture: true, allowFailure: true },
      );
      const runs = /stat::number_of_executed_units:\s*(\d+)/.exec(output)?.[1] ?? '0';
      const passed = code === 0 && Number(runs) > 0;
      console.log(`  ${passed ? 'ok' : 'FAILED'}  ${name}: ${runs} inputs`);
      if (!passed) console.log(output.slice(-4000));
      counts[passed ? 'passed' : 'failed'] += 1;
    }
    return counts;
  },
};
