import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ActError, at, run, runAct, say } from './lib/act.mjs';
import { build } from './lib/build_steps.mjs';
import { ensure } from './lib/needs.mjs';

const names = readdirSync(at('bench'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['lib', 'node_modules'].includes(entry.name))
  .map(({ name }) => name);

await runAct(
  {
    name: 'bench',
    purpose:
      'Measures infercore beside its peers: each engine in a process of its own, taking turns, its answers\n' +
      'checked before it is timed. Prints tables; the samples are left in build/bench/<scenario>.json.\n' +
      `Scenarios: ${names.join(', ')} (batch-budget, commands, page, soak and tokenizer… only when named).\n` +
      'Close other programs first: a busy machine is noted, but not made up for.',
    options: {
      only: { type: 'string', help: 'a comma-separated part of the scenarios' },
      quick: {
        type: 'boolean',
        help: 'few rounds and short lists: does it work? No numbers to show',
      },
      minutes: { type: 'string', help: 'how long soak lasts (default 10)' },
      seed: { type: 'string', help: 'of the choice and order of texts (default 1)', default: '1' },
      write: { type: 'boolean', help: 'also write the tables to docs/benchmarks.md' },
    },
  },
  async ({ only, quick = false, minutes, seed, write = false }) => {
    const chosen = await chooseScenarios(only);
    if (quick && write) throw new ActError('--quick gives no numbers to show: not with --write', 2);
    if (!/^[1-9]\d{0,8}$/.test(seed))
      throw new ActError(`expected a number for --seed: ${seed}`, 2);
    if (minutes !== undefined && !(Number(minutes) > 0))
      throw new ActError(`expected a number of minutes for --minutes: ${minutes}`, 2);
    await bring(chosen);

    const { runScenario } = await import('../bench/lib/scenario.mjs');
    const { sectionOf } = await import('../bench/lib/table.mjs');
    const settings = { quick, seed: Number(seed), ...(minutes && { minutes: Number(minutes) }) };
    const missed = [];
    for (const scenario of chosen) {
      const result = await runScenario(scenario, settings);
      save(scenario.name, result);
      const section = sectionOf(scenario, result);
      console.log(`\n${section}`);
      if (write) await publish(scenario, result, section);
      missed.push(...result.targets.filter(({ met }) => !met));
    }
    say(missed.length === 0 ? 'every target is met' : `${missed.length} targets missed`);
  },
);

/** The section of docs/benchmarks.md, and the chart where there is one. */
async function publish(scenario, result, section) {
  const { writeSection } = await import('../bench/lib/page.mjs');
  if (!scenario.chart) return writeSection(scenario.name, section);
  const { writeChart } = await import('../bench/lib/chart.mjs');
  const image = `images/${scenario.name}.svg`;
  await writeChart(at('docs', ...image.split('/')), scenario.chart(result));
  writeSection(scenario.name, `${section}\n![${scenario.title}](${image})`);
}

/** @param {string | undefined} only */
async function chooseScenarios(only) {
  const asked = only?.split(',') ?? names;
  const unknown = asked.filter((name) => !names.includes(name));
  if (unknown.length)
    throw new ActError(`unknown scenario ${unknown.join(', ')}; there are: ${names.join(', ')}`, 2);
  await ensure(['packages']);
  const scenarios = await Promise.all(asked.map((name) => import(`../bench/${name}/scenario.mjs`)));
  return only ? scenarios : scenarios.filter(({ onDemand }) => !onDemand);
}

async function bring(scenarios) {
  const inPages = scenarios.some(({ name }) => name.endsWith('page'));
  await build(inPages ? ['native', 'wasm-simd', 'wasm-threads', 'js'] : ['native', 'js']);
  if (inPages) await ensure(['browser']);
  if (scenarios.every(({ name }) => name === 'commands')) return;
  const { ensurePeers } = await import('../bench/lib/peers.mjs');
  await ensurePeers();
  const large = new Set(scenarios.flatMap(({ benchModels = [] }) => benchModels));
  await buildModels('default-model');
  await buildModels('test-models');
  await buildModels('bench-models', 'minilm-l6-shaped', ...large);
}

function buildModels(folder, ...names) {
  return run(process.execPath, [at('models', folder, 'build.mjs'), ...names], { capture: true });
}

function save(name, result) {
  mkdirSync(at('build', 'bench'), { recursive: true });
  writeFileSync(join(at('build', 'bench'), `${name}.json`), `${JSON.stringify(result, null, 1)}\n`);
}
