/**
 * How every scenario is run: each engine's answers are checked in a process of its own, and only engines that answered
 * right are timed, in fresh processes that take turns (A B A B …). Statistics are infercore's.
 *
 * @typedef {object} Contestant
 * @property {string} id unique in its scenario
 * @property {string} label for people
 * @property {string} engine the file beside the scenario, without .mjs
 * @property {string[]} packages whose versions belong to the result
 * @property {object} [options] handed to the engine
 * @property {Record<string, string>} [env] of its processes
 * @property {string[]} [parts] the only ones that it takes part in
 *
 * @typedef {object} Metric
 * @property {string} key
 * @property {string} title
 * @property {number} [items] in one sample, where items per second are shown and not milliseconds
 * @property {string} [unit] of what is shown; default ms
 * @property {number} [scale] of what is shown
 * @property {boolean} [ratio] false where samples may be 0: no engine is put beside another
 * @property {boolean} [various] samples differ by nature, which is no note
 *
 * @typedef {object} Target
 * @property {string} text what is promised
 * @property {number} value what was found
 * @property {string} shown the same for people
 * @property {boolean} met
 *
 * @typedef {object} Scenario
 * @property {string} name @property {string} title @property {string} about
 * @property {Contestant[]} contestants infercore first
 * @property {{key: string, title: string}[]} [parts] run one after the other; their results are `parts` of the whole
 * @property {(result: any) => string[]} [tables] lines of Markdown instead of the usual table
 * @property {(result: any) => object} [chart] Vega-Lite's specification of docs/images/<name>.svg
 * @property {(settings: {quick: boolean, seed: number, minutes?: number, part?: string}) => Promise<any>} prepare
 *   the task; `models`, `options` and `rounds` are read here, the rest is the scenario's own
 * @property {(task: any) => Metric[]} metrics
 * @property {boolean} [onDemand] left out unless it is named
 * @property {string[]} [benchModels] what models/bench-models/build.mjs makes for it, beside what it makes for all
 * @property {(engine: any, task: any) => Promise<any>} [check] in the engine's process: its answers
 * @property {(answer: any, task: any) => {ok: boolean, note: string}} judge
 * @property {(engine: any, task: any) => Promise<Record<string, number[]>>} [measure] in the engine's process: ms
 * @property {(contestant: Contestant, task: any) => Promise<any>} [checkOutside] instead: in this process
 * @property {(contestant: Contestant, task: any) => Promise<Record<string, number[]>>} [measureOutside]
 * @property {(result: any) => Target[]} [targets]
 * @property {(task: any) => Promise<void>} [close] what prepare opened
 */
import { cpus, loadavg } from 'node:os';
import { compareSamples, summarize } from '../../dist/esm/node.js';
import { say } from '../../scripts/lib/act.mjs';
import { contextOf } from './context.mjs';
import { inWorker } from './processes.mjs';

/**
 * @param {Scenario} scenario
 * @param {{quick: boolean, seed: number, minutes?: number}} settings `minutes`: of those that last as long as one likes
 */
export async function runScenario(scenario, settings) {
  say(`${scenario.name}: ${scenario.title}`);
  if (!scenario.parts) return runAlone(scenario, settings);
  const parts = [];
  for (const { key, title } of scenario.parts) {
    say(` ${title}`);
    const contestants = scenario.contestants.filter(({ parts }) => parts?.includes(key) ?? true);
    const part = { ...scenario, contestants, targets: undefined };
    parts.push({ key, title, ...(await runAlone(part, { ...settings, part: key })) });
  }
  return joined(scenario, parts);
}

/** One result of all parts: the first part's context, since they follow each other. */
function joined(scenario, parts) {
  const [{ context }] = parts;
  return {
    context: {
      ...context,
      versions: Object.assign({}, ...parts.map(({ context }) => context.versions)),
      models: Object.assign({}, ...parts.map(({ context }) => context.models)),
    },
    parts,
    warnings: parts.flatMap(({ title, warnings }) => warnings.map((text) => `${title}: ${text}`)),
    targets: scenario.targets?.({ parts }) ?? [],
  };
}

async function runAlone(scenario, settings) {
  const task = await scenario.prepare(settings);
  try {
    return await runTask(scenario, settings, task);
  } finally {
    await scenario.close?.(task);
  }
}

async function runTask(scenario, settings, task) {
  const context = await contextOf({
    scenario: scenario.name,
    seed: settings.seed,
    options: { quick: settings.quick, rounds: task.rounds, ...task.options },
    models: task.models,
    packages: [...new Set(scenario.contestants.flatMap(({ packages }) => packages))],
  });
  const checks = await checkAll(scenario, task);
  const right = scenario.contestants.filter(({ id }) => checks[id].ok);
  const samples = await measureAll(scenario, right, task);
  const result = { context, checks, metrics: await statistics(scenario, right, task, samples) };
  return {
    ...result,
    warnings: warningsOf(result),
    targets: scenario.targets?.(result) ?? [],
    samples,
  };
}

/** In a process of the engine's own; engines that are whole programs are run by the scenario itself. */
function act(scenario, contestant, task, what) {
  const outside = scenario[`${what}Outside`];
  if (outside) return outside(contestant, task);
  const { engine, options = {}, env } = contestant;
  return inWorker({ scenario: scenario.name, engine, options, task, act: what }, env);
}

async function checkAll(scenario, task) {
  const checks = {};
  for (const contestant of scenario.contestants) {
    checks[contestant.id] = await checkOne(scenario, contestant, task);
    const { ok, note } = checks[contestant.id];
    say(`  ${ok ? 'right' : 'WRONG, not timed'}: ${contestant.label} (${note})`);
  }
  return checks;
}

/** An engine that fails does not end the benchmark: its row says so. */
async function checkOne(scenario, contestant, task) {
  try {
    return scenario.judge(await act(scenario, contestant, task, 'check'), task);
  } catch (error) {
    return { ok: false, note: error.message };
  }
}

async function measureAll(scenario, contestants, task) {
  const samples = Object.fromEntries(contestants.map(({ id }) => [id, {}]));
  for (let round = 0; round < task.rounds; round++) {
    say(`  round ${round + 1} of ${task.rounds}`);
    for (const contestant of contestants) {
      const measured = await act(scenario, contestant, task, 'measure');
      for (const [key, values] of Object.entries(measured)) {
        (samples[contestant.id][key] ??= []).push(...values);
      }
    }
  }
  return samples;
}

/** By metric: a summary of each contestant, and infercore beside each of the others. */
async function statistics(scenario, contestants, task, samples) {
  const [own] = scenario.contestants;
  const metrics = [];
  for (const metric of scenario.metrics(task)) {
    const list = (id) => Float64Array.from(samples[id]?.[metric.key] ?? []);
    const rows = [];
    for (const { id, label } of contestants.filter(({ id }) => list(id).length > 0)) {
      const beside =
        id === own.id || metric.ratio === false || list(own.id).length === 0
          ? undefined
          : await compareSamples(list(own.id), list(id));
      rows.push({ id, label, summary: await summarize(list(id)), beside });
    }
    if (rows.length) metrics.push({ ...metric, rows });
  }
  return metrics;
}

function warningsOf({ context, metrics, checks }) {
  const busy = context.loadBefore > cpus().length / 2;
  const noisy = metrics.flatMap(({ title, rows, various }) =>
    rows
      .filter(({ summary }) => !various && summary.cv > 0.1)
      .map(({ label, summary }) => `${title}, ${label}: samples vary by ${percent(summary.cv)}`),
  );
  const wrong = Object.entries(checks)
    .filter(([, { ok }]) => !ok)
    .map(([id, { note }]) => `${id} was not timed: ${note.split('\n')[0]}`);
  return [
    ...(busy
      ? [
          `other programs used the machine when the benchmark began (load ${context.loadBefore.toFixed(1)})`,
        ]
      : []),
    ...(loadavg()[0] > cpus().length * 2
      ? [`load at the end ${loadavg()[0].toFixed(1)}: more work than cores`]
      : []),
    ...noisy,
    ...wrong,
  ];
}

const percent = (share) => `${Math.round(share * 100)} %`;
