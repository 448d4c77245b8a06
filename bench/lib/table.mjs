/** Results as Markdown. */

/** @param {number} value @returns {string} three digits that count */
export function number(value) {
  if (!Number.isFinite(value)) return 'nothing';
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(digits, 6) });
}

/** What is shown of milliseconds: themselves, scaled, or items per second. */
export function shownOf({ items, scale = 1 }, ms) {
  return items === undefined ? ms * scale : (items / ms) * 1000 * scale;
}

function rangeOf(metric, [low, high]) {
  const ends = [shownOf(metric, low), shownOf(metric, high)].sort((a, b) => a - b);
  return ends.map(number).join(' – ');
}

/** infercore's time divided by the peer's, told as «n times as fast». */
function besideOf(beside) {
  if (!beside) return '';
  const [low, high] = beside.ratioCi95;
  const p = beside.p < 0.001 ? 'p < 0.001' : `p = ${beside.p.toFixed(3)}`;
  const range = `${number(1 / high)} – ${number(1 / low)}`;
  return `${number(1 / beside.ratio)} × (${range}; ${p})`;
}

/** @param {{name: string, title: string, about: string}} scenario @param {any} result */
export function sectionOf(scenario, result) {
  const { context, targets, warnings } = result;
  const command = `npm run bench -- --only ${scenario.name}`;
  return [
    `## ${scenario.title}`,
    '',
    scenario.about,
    '',
    ...(scenario.tables?.(result) ?? tableOfAll(result)),
    '',
    ...targets.map(({ text, shown, met }) => `- ${met ? 'Met' : '**Missed**'}: ${text}: ${shown}`),
    ...(targets.length ? [''] : []),
    ...warnings.map((warning) => `- Note: ${warning}`),
    ...(warnings.length ? [''] : []),
    `\`${command}\` · ${contextLine(context)}`,
    '',
  ].join('\n');
}

/** A row for each engine under each metric. */
function tableOfAll({ metrics }) {
  const rows = metrics.flatMap((metric) =>
    metric.rows.map(({ label, summary, beside }) => [
      metric.title,
      label,
      `${number(shownOf(metric, summary.median))} ${metric.unit ?? 'ms'}`,
      rangeOf(metric, summary.medianCi95),
      String(summary.n),
      besideOf(beside),
    ]),
  );
  return tableOf(
    ['measure', 'engine', 'median', '95 % interval', 'samples', 'infercore beside it'],
    rows,
  );
}

function contextLine({ date, commit, versions, processor, system, seed, options }) {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    date.slice(0, 16).replace('T', ' '),
    `commit ${commit}`,
    system,
    `${processor.cores} × ${processor.model} (family/model ${processor.family}, ${processor.simd.join(' ')})`,
    ...list,
    `seed ${seed}`,
    Object.entries(options)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ].join(' · ');
}

/** Columns as wide as their longest cell, as Prettier has them. */
export function tableOf(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`, ...rows.map(line)];
}
