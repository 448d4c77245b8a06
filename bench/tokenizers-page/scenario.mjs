/** Text to token ids in a page, with the tokenizers that people use. */
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { declarations, paragraphs } from '../lib/corpus.mjs';
import { inWorker } from '../lib/processes.mjs';
import { number, tableOf } from '../lib/table.mjs';
import { FILES, fileOf } from '../tokenizers/files.mjs';
import { speedOf, speeds } from '../tokenizers/speeds.mjs';
import { openSite } from './site.mjs';

const shareAtLeast = 0.5;

export const name = 'tokenizers-page';
export const title = 'Tokenizers in a page';
export const about = `The same in Chromium, by infercore's WebAssembly module without threads, and beside it by infercore's addon in Node: text to token ids on one
thread, cold and warm. A page for each engine, bundled and minified by esbuild; the English and the multilingual texts are 1 MB each. Cold is the
first call of the page: the browser still runs the module's code as it was compiled in haste, and compiles it well meanwhile. What gives other
ids than infercore in Node is not timed.`;
export const onDemand = true;
export const parts = FILES;

const o200k = FILES.filter((file) => file.o200k).map(({ key }) => key);
const inPage = (engine, label, more = {}) => ({
  id: engine,
  label,
  engine,
  packages: [label],
  ...more,
});
export const contestants = [
  { id: 'node', label: 'infercore in Node', engine: 'infercore', packages: [], node: true },
  inPage('infercore', 'infercore'),
  inPage('huggingface', '@huggingface/tokenizers'),
  inPage('kitoken', 'kitoken'),
  inPage('web-tokenizers', '@mlc-ai/web-tokenizers'),
  inPage('gpt-tokenizer', 'gpt-tokenizer', { parts: o200k }),
  inPage('tiktoken', 'tiktoken', { parts: o200k }),
  inPage('ai-tokenizer', 'ai-tokenizer', { parts: o200k }),
];

export async function prepare({ quick, seed, part }) {
  const file = fileOf(part);
  const size = quick ? 1e5 : 1e6;
  const english = paragraphs(size);
  const browser = await launchChromium();
  return {
    models: { [`${part}.json`]: file },
    rounds: quick ? 1 : 3,
    options: { size, browser: browser.version() },
    part,
    file,
    texts: {
      english,
      multilingual: declarations(size, seed),
      single: english.slice(0, english.length / 5),
    },
    browser,
    site: await openSite(contestants.filter(({ node }) => !node).map(({ engine }) => engine)),
  };
}

export async function close({ site, browser }) {
  await browser.close();
  site.close();
}

const passes = ['englishCold', 'multilingualCold', 'englishWarm', 'multilingualWarm'];

export const metrics = ({ texts }) => speeds(texts).filter(({ key }) => passes.includes(key));

/** The page of an engine that has loaded the file. */
async function withPage({ site, browser, part }, { engine }, act) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    const failed = new Promise((_, reject) => page.on('pageerror', reject));
    await page.goto(`${site.address}${engine}.html#${part}`);
    const ready = page.waitForFunction(() => 'acts' in globalThis);
    await Promise.race([ready, failed]);
    const call = (name, texts) =>
      page.evaluate(([name, texts]) => globalThis.acts[name](texts), [name, texts]);
    return await Promise.race([act(call), failed]);
  } finally {
    await context.close();
  }
}

/** In Node, what the scenario `tokenizers` does. */
function inNode(act, { file, texts, part }) {
  return inWorker({
    scenario: 'tokenizers',
    engine: 'infercore',
    options: {},
    task: { file, texts, part },
    act,
  });
}

export async function checkOutside(contestant, task) {
  const { english, multilingual } = task.texts;
  if (contestant.node) {
    const ids = await inNode('check', task);
    return ids.slice(0, english.length + multilingual.length);
  }
  return withPage(task, contestant, async (call) => [
    ...(await call('ids', english)),
    ...(await call('ids', multilingual)),
  ]);
}

const expected = new Map();
export function judge(ids, { part }) {
  const lists = ids.map((list) => list.join());
  if (!expected.has(part)) expected.set(part, lists);
  const right = expected.get(part);
  const differ = lists.filter((list, i) => list !== right[i]).length;
  return {
    ok: differ === 0 && lists.length === right.length,
    note: `${differ} of ${lists.length} texts differ`,
  };
}

export async function measureOutside(contestant, task) {
  if (contestant.node) {
    const measured = await inNode('measure', task);
    return Object.fromEntries(passes.map((key) => [key, measured[key]]));
  }
  return withPage(task, contestant, async (call) => {
    const times = {};
    for (const key of passes) {
      times[key] = [
        await call('time', task.texts[key.startsWith('english') ? 'english' : 'multilingual']),
      ];
    }
    return times;
  });
}

const shown = (value) => (value === undefined ? '–' : number(value));

export function tables({ parts }) {
  const table = (title, key) => [
    `${title}, MB/s:`,
    '',
    ...tableOf(
      ['tokenizer', ...contestants.map(({ label }) => label)],
      parts.map((part) => [
        part.title,
        ...contestants.map(({ id }) =>
          part.checks[id]?.ok === false ? 'other ids' : shown(speedOf(part, key, id)),
        ),
      ]),
    ),
  ];
  return [
    ...table('English, cold', 'englishCold'),
    '',
    ...table('Multilingual, cold', 'multilingualCold'),
    '',
    ...table('English, warm', 'englishWarm'),
    '',
    ...table('Multilingual, warm', 'multilingualWarm'),
  ];
}

export const targets = (result) => [
  ...targetsOf(result, 'cold', ['englishCold', 'multilingualCold']),
  ...targetsOf(result, 'warm', ['englishWarm', 'multilingualWarm']),
];

function targetsOf({ parts }, when, keys) {
  const rows = parts.flatMap((part) =>
    keys.map((key) => {
      const own = speedOf(part, key, 'infercore') ?? 0;
      const peers = contestants
        .filter(({ id }) => id !== 'infercore' && id !== 'node')
        .map(({ id }) => speedOf(part, key, id) ?? 0);
      return {
        share: own / (speedOf(part, key, 'node') ?? Infinity),
        ahead: own / Math.max(...peers, Number.MIN_VALUE),
      };
    }),
  );
  const share = Math.min(...rows.map((row) => row.share));
  const ahead = Math.min(...rows.map((row) => row.ahead));
  return [
    {
      text: `${when}: at least half of the addon's speed, with every file`,
      value: share,
      shown: `${number(share * 100)} %`,
      met: share >= shareAtLeast,
    },
    {
      text: `${when}: ahead of every peer in a page, with every file`,
      value: ahead,
      shown: `${number(ahead)} times the fastest peer, where it is nearest`,
      met: ahead > 1,
    },
  ];
}
