import { ActError, runAct, say } from './lib/act.mjs';
import { allNeeds, ensure } from './lib/needs.mjs';

await runAct(
  {
    name: 'setup',
    purpose:
      'Brings everything that building, testing and linting need: compilers, headers, npm packages.\n' +
      'As root or with passwordless sudo on Debian and Ubuntu it installs what is missing;\n' +
      'otherwise it prints the exact commands and ends with code 2. What is there is left alone.',
    options: {
      only: { type: 'string', help: `a comma-separated part of: ${allNeeds.join(', ')}` },
    },
  },
  async ({ only }) => {
    const names = only ? only.split(',') : allNeeds;
    const unknown = names.filter((name) => !allNeeds.includes(name));
    if (unknown.length)
      throw new ActError(
        `unknown part ${unknown.join(', ')}; there are: ${allNeeds.join(', ')}`,
        2,
      );
    await ensure(names);
    say('everything is there');
  },
);
