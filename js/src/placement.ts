import type { WarningList } from './report.js';

/** The nodes that one provider got. Part of the public API. */
export interface Placement {
  readonly provider: string;
  readonly nodes: number;
  /** How many of each operator, those with the most nodes first; of other domains than ONNX's own with their name. */
  readonly operators: Readonly<Record<string, number>>;
}

/** Most nodes first. */
export function sortOperators(operators: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(operators).sort(([, a], [, b]) => b - a));
}

/** "Gather 8, Shape 4". */
export function operatorText(operators: Readonly<Record<string, number>>, most = Infinity): string {
  const all = Object.entries(operators);
  const named = all.slice(0, most).map(([name, nodes]) => `${name} ${nodes}`);
  if (all.length > most) named.push(`${all.length - most} more`);
  return named.join(', ');
}

const MOST_NAMED = 12;

/** One warning where a provider that was asked for, and is used, left nodes to the CPU. */
export function warnFellBack(
  placement: readonly Placement[],
  used: readonly string[],
  warnings: WarningList,
): void {
  const devices = used.filter((name) => name !== 'cpu');
  const left = placement.find(({ provider }) => provider === 'cpu');
  if (devices.length === 0 || !left) return;
  const all = placement.reduce((sum, { nodes }) => sum + nodes, 0);
  warnings.add(
    {
      code: 'OPERATORS_FELL_BACK',
      message:
        `${left.nodes} of ${all} nodes run on cpu and not on ${devices.join(' or ')}: ` +
        operatorText(left.operators, MOST_NAMED),
      hint: "report.placement has all of them, as they were before they are fused; fallback: 'allow' keeps this quiet",
    },
    'PROVIDER_UNAVAILABLE',
  );
}
