/** How fast texts become ids: what is measured, and what was found. */
import { shownOf } from '../lib/table.mjs';

/** The metrics of lists of texts. */
export function speeds({ english, multilingual, single }) {
  const speed = (key, title, list) => ({
    key,
    title,
    items: list.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6,
    unit: 'MB/s',
  });
  return [
    speed('englishCold', 'English, cold', english),
    speed('multilingualCold', 'multilingual, cold', multilingual),
    speed('englishWarm', 'English, warm', english),
    speed('multilingualWarm', 'multilingual, warm', multilingual),
    speed('single', 'one by one', single),
  ];
}

/** The median speed of one engine in MB/s; undefined where it was not timed. */
export function speedOf({ metrics }, key, id) {
  const metric = metrics.find((each) => each.key === key);
  const row = metric?.rows.find((each) => each.id === id);
  return row && shownOf(metric, row.summary.median);
}

/** How many times as fast the first is. */
export function timesOf(part, key, id, other) {
  const [value, beside] = [speedOf(part, key, id), speedOf(part, key, other)];
  return value === undefined || beside === undefined ? undefined : value / beside;
}
