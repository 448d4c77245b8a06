/** A session's report in words. */
import type { SessionReport } from '../node.js';
import type { Fact } from './terminal.js';

export function reportFacts(report: SessionReport): Fact[] {
  const { target, runtime, providers, threads, phases, graphOptimizationLevel } = report;
  const asked = providers.asked.join(', ') || 'for none';
  return [
    ['runtime', [`${runtime.name} ${runtime.version} (${target})`]],
    [
      'providers',
      [
        `asked ${asked}; used ${providers.used.join(', ')}`,
        `available ${providers.available.join(', ')}`,
      ],
    ],
    ['skipped', providers.skipped.map(({ name, reason }) => `${name}: ${reason}`)],
    ['threads', [`${threads.intraOp} in a run (${threads.reason})`]],
    ['graph', [`optimised, level ${graphOptimizationLevel}`]],
    [
      'phases',
      [
        Object.entries(phases)
          .map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`)
          .join(', '),
      ],
    ],
  ];
}
