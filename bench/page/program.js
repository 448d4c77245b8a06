/**
 * What runs in each page, whatever the engine: `#{…}` in the address holds the options. The first vector is made as
 * soon as the page can; everything later is asked for by `globalThis.acts`.
 */
import { open, openTokenizer } from 'engine';

const options = JSON.parse(decodeURIComponent(location.hash.slice(1) || '{}'));
let longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
}).observe({ type: 'longtask', buffered: true });

const opened = options.tokenizer ? undefined : start();

async function start() {
  const engine = await open(options);
  await engine.embed(['A page asks for its first vector.']);
  // Counted from the navigation.
  return { engine, first: performance.now() };
}

/** Long tasks are told of after they end. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 100));

async function longestOf(work) {
  await settle();
  longest = 0;
  await work();
  await settle();
  return longest;
}

globalThis.acts = {
  async first() {
    const { first, engine } = await opened;
    await settle();
    return { first, longest, report: JSON.stringify(engine.report()) };
  },

  async embed(texts) {
    const { engine } = await opened;
    return Array.from(await engine.embed(texts));
  },

  async time(texts, samples) {
    const { engine } = await opened;
    await engine.embed(texts.slice(0, 64));
    const all = [];
    const longtask = await longestOf(async () => {
      for (let sample = 0; sample < samples; sample++) {
        const from = performance.now();
        await engine.embed(texts);
        all.push(performance.now() - from);
      }
    });
    return { all, longtask };
  },

  async ids(texts) {
    const { encode } = await openTokenizer();
    const { count, list } = encode(texts);
    return Array.from({ length: count }, (_, i) => Array.from(list(i)));
  },

  async timeTokenizer(texts, samples) {
    const { encode } = await openTokenizer();
    encode(texts);
    const all = [];
    for (let sample = 0; sample < samples; sample++) {
      const from = performance.now();
      encode(texts);
      all.push(performance.now() - from);
    }
    return all;
  },
};
