/** Is the time for a text in proportion to its length? */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chapters } from '../lib/corpus.mjs';
import { defaultModel, results } from '../lib/paths.mjs';
import { number } from '../lib/table.mjs';

const atMost = 1.5;
const megabyte = 1e6;

export const name = 'long-text';
export const title = 'Long texts';
export const about = `One text of 1 to 16 MB (a novel, again and again) to token ids with the default model's tokenizer, by infercore alone, one thread. «All
of it» is without truncation; «its beginning» with the truncation that the file asks for: words behind it are not tokenized, but the
whole text is normalised and cut into words.`;

export const contestants = [
  { id: 'infercore', label: 'infercore', engine: 'infercore', packages: ['infercore'] },
];

export async function prepare({ quick }) {
  const beginning = join(defaultModel, 'tokenizer.json');
  const whole = join(results, name, 'tokenizer.json');
  mkdirSync(dirname(whole), { recursive: true });
  const config = JSON.parse(readFileSync(beginning, 'utf8'));
  writeFileSync(whole, JSON.stringify({ ...config, truncation: null, padding: null }));
  return {
    models: { 'tokenizer.json': beginning },
    rounds: quick ? 1 : 5,
    options: {},
    files: { whole, beginning },
    sizes: quick ? [1, 2] : [1, 2, 4, 8, 16],
    samples: quick ? 1 : 3,
  };
}

const modes = { whole: 'all of it', beginning: 'its beginning' };

export const metrics = ({ sizes }) =>
  Object.entries(modes).flatMap(([mode, what]) =>
    sizes.map((size) => ({
      key: `${mode}-${size}`,
      title: `${size} MB, ${what}`,
      unit: 'ms/MB',
      scale: 1 / size,
    })),
  );

/** Of ASCII, so that a character is a byte. */
function textOf(size) {
  const novel = chapters()
    .join('\n')
    .replace(/[^\n -~]/g, "'");
  return novel
    .repeat(Math.ceil((size * megabyte) / novel.length))
    .slice(0, Math.round(size * megabyte));
}

/** What both ways make of the longest text. */
export async function check(engine, { sizes }) {
  const text = textOf(Math.max(...sizes));
  const whole = engine.whole(text, false);
  const beginning = engine.beginning(text, false);
  const half = engine.whole(text.slice(0, text.length / 2), false);
  return {
    tokens: whole.length,
    half: half.length,
    kept: beginning.length,
    same: beginning.every((id, i) => id === whole[i]),
  };
}

export function judge({ tokens, half, kept, same }) {
  const even = Math.abs(tokens / 2 - half) < tokens / 100;
  return {
    ok: same && even && kept > 0 && kept < tokens,
    note: `${tokens} ids, of which truncation keeps ${kept}`,
  };
}

export async function measure(engine, { sizes, samples }) {
  const result = {};
  for (const size of sizes) {
    const text = textOf(size);
    for (const mode of Object.keys(modes)) {
      engine[mode](text, true);
      for (let sample = 0; sample < samples; sample++) {
        const start = performance.now();
        engine[mode](text, true);
        (result[`${mode}-${size}`] ??= []).push(performance.now() - start);
      }
    }
  }
  return result;
}

export function targets({ metrics: measured }) {
  return Object.entries(modes).map(([mode, what]) => {
    const perMegabyte = measured
      .filter(({ key }) => key.startsWith(`${mode}-`))
      .map(({ rows, scale }) => (rows[0]?.summary.median ?? Infinity) * scale);
    const value = perMegabyte.at(-1) / perMegabyte[0];
    return {
      text: `${what}: a megabyte of the longest text takes at most ${atMost} times as long as one of the shortest`,
      value,
      shown: `${number(value)} times`,
      met: value <= atMost,
    };
  });
}
