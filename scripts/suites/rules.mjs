import { lint } from '../lib/lint_steps.mjs';

/** @type {import('../lib/suite.mjs').Suite} */
export default {
  name: 'lint',
  purpose: 'layout, types and the rules of the house (what npm run lint checks)',
  run: () => lint({ fix: false }),
};
