/** docs/benchmarks.md: each scenario's section stands between two markers and is replaced alone. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { page } from './paths.mjs';

const begin = (name) => `<!-- bench:${name} -->`;
const end = (name) => `<!-- /bench:${name} -->`;

const preface = `# Benchmarks

Measured by \`npm run bench\`, which also writes this page (\`-- --write\`). Each engine runs in a process of its own; the
processes take turns; an engine is timed only after its answers were found right. Medians, with the 95 % confidence
interval of the median; «infercore beside it» says how many times as fast infercore is (the ratio of the medians with
its 95 % interval from bootstrap samples, and the p-value of the Mann-Whitney test). How to read and extend:
[bench/README.md](../bench/README.md).
`;

/** @param {string} name of the scenario @param {string} section */
export function writeSection(name, section) {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : preface;
  const block = `${begin(name)}\n\n${section.trim()}\n\n${end(name)}`;
  const from = text.indexOf(begin(name));
  const to = text.indexOf(end(name));
  const next =
    from >= 0 && to > from
      ? text.slice(0, from) + block + text.slice(to + end(name).length)
      : `${text.trimEnd()}\n\n${block}\n`;
  writeFileSync(page, next);
}
