/** What runs in each page, whatever the engine: it loads the file that the address names, then does what it is asked. */
import { open } from 'engine';

const file = await (await fetch(`/file/${location.hash.slice(1)}.json`)).arrayBuffer();
const engine = await open(file);

/** Engines that take no lists get the texts of a list one after the other. */
const encode =
  engine.encodeBatch?.bind(engine) ??
  ((texts) => {
    const lists = texts.map((text) => engine.encode(text));
    return { count: lists.length, list: (i) => lists[i] };
  });

globalThis.acts = {
  ids(texts) {
    const { count, list } = encode(texts);
    return Array.from({ length: count }, (_, i) => Array.from(list(i)));
  },

  time(texts) {
    const start = performance.now();
    encode(texts);
    return performance.now() - start;
  },
};
