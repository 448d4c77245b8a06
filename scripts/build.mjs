import { ActError, runAct, say } from './lib/act.mjs';
import { STEPS, build, clean } from './lib/build_steps.mjs';

const all = Object.keys(STEPS);

await runAct(
  {
    name: 'build',
    purpose:
      'Builds the addon, the WebAssembly modules, the JavaScript and the types. Only what changed is built again.',
    options: {
      only: { type: 'string', help: `a comma-separated part of: ${all.join(', ')}` },
      clean: { type: 'boolean', help: 'remove what was built before' },
    },
  },
  async ({ only, clean: cleanFirst }) => {
    const names = only ? only.split(',') : all;
    const unknown = names.filter((name) => !all.includes(name));
    if (unknown.length)
      throw new ActError(`unknown part ${unknown.join(', ')}; there are: ${all.join(', ')}`, 2);
    if (cleanFirst) clean();
    await build(names);
    say(`built: ${names.join(', ')}`);
  },
);
