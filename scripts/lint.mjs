import { ActError, runAct } from './lib/act.mjs';
import { lint } from './lib/lint_steps.mjs';

await runAct(
  {
    name: 'lint',
    purpose:
      'Checks layout (clang-format, Prettier), faults (clang-tidy, ESLint, tsc) and the rules of the house.',
    options: { fix: { type: 'boolean', help: 'mend what can be mended without thought' } },
  },
  async ({ fix }) => {
    const { passed, failed } = await lint({ fix });
    console.log(`${passed} passed, ${failed} failed`);
    if (failed) throw new ActError('some checks failed');
  },
);
