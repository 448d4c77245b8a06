/** Does a service lose a request or its memory when callers, models and inputs do whatever they like? */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { say } from '../../scripts/lib/act.mjs';
import { mixedTexts } from '../lib/corpus.mjs';
import { defaultModel } from '../lib/paths.mjs';
import { number, tableOf } from '../lib/table.mjs';
import { growthOf } from './memory.mjs';
import { KINDS, OUTCOMES } from './outcomes.mjs';

const program = fileURLToPath(new URL('program.mjs', import.meta.url));
const atMostGrowth = 0.05;
/** The share of the time in which caches and pools fill. */
const warmup = 0.2;
const reportEvery = 10;
/** Bytes from which on glibc gives memory back to the system as soon as it is freed. */
const mmapThreshold = 262144;
const memories = { rss: 'resident set', heap: "JavaScript's heap", external: 'external' };

export const name = 'soak';
export const title = 'Soak';
export const onDemand = true;
export const about = `24 callers ask one process again and again for minutes (\`--minutes\`, 10 unless it says otherwise): runs, batched runs and texts with the default model, some of them
aborted after random times, some with a time limit of milliseconds, some with bad feeds or options; queues are short, so that some are refused. Meanwhile the models are
replaced, dropped, and begun to be replaced and given up. Each request has to end once, with the right vector or the error that belongs to it, or QUEUE_FULL. Memory is
looked at each second after garbage was collected; its growth is the line that fits best (Theil and Sen's), from the first fifth of the time on. The process
has \`MALLOC_MMAP_THRESHOLD_=${mmapThreshold}\`: by default glibc learns to keep the memory of models that are gone, in pieces that other ones do not always fit into.`;

export const contestants = [
  { id: 'infercore', label: 'infercore', engine: 'program', packages: ['infercore'] },
];

export async function prepare({ quick, seed, minutes = quick ? 0.2 : 10 }) {
  return {
    models: { 'onnx/model.onnx': `${defaultModel}/onnx/model.onnx` },
    rounds: 1,
    options: { minutes },
    minutes,
    seed,
    // Of the model's length: what is cut is a warning.
    texts: mixedTexts(128, seed).filter(({ length }) => length < 400),
  };
}

const outcomeKeys = Object.keys(KINDS).flatMap((kind) =>
  OUTCOMES.map((outcome) => `${kind}: ${outcome}`),
);
const metric = (key, title, more) => ({ key, title, ratio: false, various: true, ...more });
export const metrics = () => [
  ...outcomeKeys.map((key) => metric(key, key)),
  ...['lost', 'reloads', 'faults', 'alive', 'rate'].map((key) => metric(key, key)),
  ...Object.entries(memories).flatMap(([key, title]) => [
    metric(key, title, { unit: 'MB', scale: 1e-6 }),
    metric(`${key}Growth`, `${title}: growth`, { unit: 'MB', scale: 1e-6 }),
  ]),
];

/** @returns {Promise<{samples: object[], result: any}>} what the program printed */
function soak(task, onSample) {
  const { minutes, seed, texts } = task;
  const args = ['--expose-gc', program, JSON.stringify({ minutes, seed, texts })];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, MALLOC_MMAP_THRESHOLD_: String(mmapThreshold) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const samples = [];
    let result;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const printed = JSON.parse(line);
      result ??= printed.result;
      if (printed.sample) samples.push(printed.sample);
      if (printed.sample) onSample?.(printed.sample);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (result) resolve({ samples, result });
      else reject(new Error(`the soak ended with ${signal ?? code} and no result`));
    });
  });
}

/** A few seconds: is there anything to soak? */
export const checkOutside = (_, task) => soak({ ...task, minutes: 0.05 });

export function judge({ result }) {
  const { begun, ended, faults } = result;
  const note = `${ended} of ${begun} requests ended${faults.length ? `, ${faults[0]}` : ''}`;
  return { ok: ended === begun && faults.length === 0, note };
}

const clock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;

function progress({ passed, ended, reloads, rss }, minutes) {
  if (passed % reportEvery !== 0) return;
  const left = clock(Math.max(0, minutes * 60 - passed));
  say(
    `  ${clock(passed)}, ${left} left: ${ended} requests, ${reloads} reloads, ${number(rss / 1e6)} MB`,
  );
}

export async function measureOutside(_, task) {
  const { samples, result } = await soak(task, (sample) => progress(sample, task.minutes));
  for (const fault of result.faults) say(`  ${fault}`);
  const settled = samples.slice(Math.floor(samples.length * warmup));
  const measured = Object.keys(memories).flatMap((key) => {
    const values = settled.map((sample) => sample[key]);
    return [
      [key, values],
      [`${key}Growth`, [Math.max(0, growthOf(values))]],
    ];
  });
  const { outcomes, begun, ended, reloads, faults, alive } = result;
  return {
    ...Object.fromEntries(measured),
    ...Object.fromEntries(Object.entries(outcomes).map(([key, count]) => [key, [count]])),
    lost: [begun - ended],
    reloads: [reloads],
    faults: [faults.length],
    alive: [alive.sessions + alive.operations],
    rate: [ended / (task.minutes * 60)],
  };
}

function readerOf({ metrics }) {
  return (key) => metrics.find((metric) => metric.key === key)?.rows[0]?.summary;
}

export function tables(result) {
  const summary = readerOf(result);
  if (!summary('rss')) return ['Not timed.'];
  const count = (kind, outcome) => summary(`${kind}: ${outcome}`)?.median ?? 0;
  const megabytes = (bytes) => `${number(bytes / 1e6)} MB`;
  return [
    ...tableOf(
      ['requests', ...OUTCOMES],
      Object.keys(KINDS).map((kind) => [
        kind,
        ...OUTCOMES.map((outcome) => count(kind, outcome).toLocaleString('en-US')),
      ]),
    ),
    '',
    ...tableOf(
      ['memory', 'median', 'least', 'most', 'growth'],
      Object.entries(memories).map(([key, title]) => {
        const { median, min, max } = summary(key);
        return [title, ...[median, min, max, summary(`${key}Growth`).median].map(megabytes)];
      }),
    ),
    '',
    `${number(summary('rate').median)} requests a second, ${summary('reloads').median} reloads.`,
  ];
}

export function targets(result) {
  const summary = readerOf(result);
  const none = (text, value) => ({ text, value, shown: String(value), met: value === 0 });
  const wrong = Object.keys(KINDS).map((kind) => summary(`${kind}: wrong`)?.median ?? 0);
  const most = atMostGrowth * (summary('rss')?.median ?? NaN);
  return [
    none('requests that never ended', summary('lost')?.median),
    none(
      'requests that ended otherwise than they should',
      wrong.reduce((sum, each) => sum + each, 0),
    ),
    none('warnings and failed reloads', summary('faults')?.median),
    none('sessions and operations alive at the end', summary('alive')?.median),
    ...Object.entries(memories).map(([key, title]) => {
      const value = summary(`${key}Growth`)?.median ?? NaN;
      return {
        text: `${title}: grows by at most ${atMostGrowth * 100} % of the resident set`,
        value,
        shown: `${number(value / 1e6)} MB of ${number(most / 1e6)}`,
        met: value <= most,
      };
    }),
  ];
}
