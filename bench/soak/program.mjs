/**
 * The program of the soak: `node --expose-gc program.mjs '{"minutes": 1, "seed": 1, "texts": [...]}'`. Prints a line of
 * JSON a sample, and a last one with what became of the requests.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../lib/random.mjs';
import { liveCounts, memorySample } from './memory.mjs';
import { kindOf, outcomeOf } from './outcomes.mjs';
import { Service } from './service.mjs';

const { minutes, seed, texts } = JSON.parse(process.argv[2]);
const clients = 24;
const sampleMs = 1000;
/** What takes longer than this to end is lost. */
const patience = 30_000;

const print = (line) => console.log(JSON.stringify(line));
const seconds = (ms) => Math.round(ms / 1000);

const begin = performance.now();
const end = begin + minutes * 60_000;
const count = { begun: 0, ended: 0, reloads: 0, outcomes: {} };
const faults = [];
process.on('warning', ({ message }) => faults.push(`a warning: ${message}`));

const service = await Service.open(texts);

/** A caller that asks, waits for the answer, thinks, and asks again. */
async function client(random) {
  while (performance.now() < end) {
    const kind = kindOf(random.below(100));
    count.begun += 1;
    tell(kind, await outcome(kind, random));
    await sleep(random.below(30));
  }
}

async function outcome(kind, random) {
  try {
    if (await service.answer(kind, random)) return kind === 'bad' ? 'wrong' : 'right';
    faults.push(`${kind}: another vector than expected`);
    return 'wrong';
  } catch (error) {
    const found = outcomeOf(kind, error);
    if (found === 'wrong') faults.push(`${kind}: ${error?.stack ?? error}`);
    return found;
  }
}

function tell(kind, outcome) {
  count.ended += 1;
  const key = `${kind}: ${outcome}`;
  count.outcomes[key] = (count.outcomes[key] ?? 0) + 1;
}

/** Models are replaced, dropped, or begun to be replaced and given up. */
async function reloader(random) {
  while (performance.now() < end) {
    await sleep(500 + random.below(3000));
    const key = random.below(3) === 0 ? 'pipeline' : 'encoder';
    try {
      if (random.below(4) === 0) await service.drop(key);
      else await service.reload(key, random.below(3) === 0 ? AbortSignal.timeout(5) : undefined);
      count.reloads += 1;
    } catch (error) {
      if (error?.code !== 'ABORTED') faults.push(`reload: ${error?.stack ?? error}`);
    }
  }
}

async function sampler() {
  for (let at = begin + sampleMs; at <= end; at += sampleMs) {
    await sleep(Math.max(0, at - performance.now()));
    const { begun, ended, reloads } = count;
    print({ sample: { passed: seconds(at - begin), begun, ended, reloads, ...memorySample() } });
  }
}

const random = new Random(seed);
const nextRandom = () => new Random(1 + random.below(2 ** 31));
const work = Promise.all([
  ...Array.from({ length: clients }, () => client(nextRandom())),
  reloader(nextRandom()),
  sampler(),
]);
await Promise.race([work, sleep(end - performance.now() + patience, undefined, { ref: false })]);
await service.close();
for (let i = 0; i < 100 && liveCounts().operations > 0; i++) await sleep(10);
print({ result: { ...count, faults: [...new Set(faults)].slice(0, 5), alive: liveCounts() } });
process.exit();
