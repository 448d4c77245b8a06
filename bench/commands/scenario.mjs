/** How long a newcomer waits: the README's commands in a fresh clone. Takes minutes, so only when asked for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from '../../scripts/lib/act.mjs';

export const name = 'commands';
export const title = "The README's commands";
export const onDemand = true;
export const about = `\`npm run quickstart\` and \`npm test\` in a fresh clone: cold (nothing built, no packages; npm's own download cache as it is) and
warm (at once again). One sample each; what the system's package manager had to bring is not part of it when it was there.`;

export const contestants = [
  { id: 'infercore', label: 'infercore', engine: 'none', packages: ['infercore'] },
];

const commands = [
  { key: 'quickstart', args: ['run', 'quickstart'], title: 'npm run quickstart' },
  { key: 'test', args: ['test'], title: 'npm test' },
];

export async function prepare({ quick }) {
  return { models: {}, rounds: 1, options: {}, commands: quick ? commands.slice(0, 1) : commands };
}

export const metrics = (task) =>
  task.commands.flatMap(({ key, title }) => [
    { key: `${key}Cold`, title: `${title}, cold`, unit: 's', scale: 1e-3 },
    { key: `${key}Warm`, title: `${title}, warm`, unit: 's', scale: 1e-3 },
  ]);

export const checkOutside = async () => true;
export const judge = () => ({ ok: true, note: 'a command that fails ends the benchmark' });

/** Each command has a clone of its own, so that the second one is as cold as the first. */
export async function measureOutside(_, task) {
  const result = {};
  for (const { key, args } of task.commands) {
    const folder = mkdtempSync(join(tmpdir(), 'infercore-clone-'));
    try {
      await run('git', ['clone', '--quiet', root, folder], { capture: true });
      result[`${key}Cold`] = [await timeOf(args, folder)];
      result[`${key}Warm`] = [await timeOf(args, folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return result;
}

async function timeOf(args, cwd) {
  const start = performance.now();
  await run('npm', args, { cwd, capture: true });
  return performance.now() - start;
}
