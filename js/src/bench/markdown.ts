import type { BenchResult } from './result.js';
import {
  bestSentences,
  bytes,
  commonAxes,
  latencyColumns,
  loadColumns,
  phaseColumns,
  warningSentences,
  type TableColumn,
} from './table.js';

/** Names come from files and models: none of them ends a cell or begins a tag. */
const escaped = (text: string): string =>
  text.replace(/[\\|<>`*_[\]]/g, '\\$&').replace(/\s+/g, ' ');

export function markdownTable(
  columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  return [
    line(columns.map(({ title }) => escaped(title))),
    line(rule),
    ...rows.map((row) => line(row.map(escaped))),
  ].join('\n');
}

function tableOf(columns: readonly TableColumn[], { configurations }: BenchResult): string {
  return markdownTable(
    columns,
    configurations.map((each) => columns.map(({ cell }) => cell(each))),
  );
}

function contextLines({ context, reference }: BenchResult): string[] {
  const { machine, versions, model, target, seed, date } = context;
  const { cpu } = machine;
  const file = model.files[0];
  return [
    `Model: ${escaped(model.name)}${file ? `, ${bytes(file.bytes)}` : ''}${file?.sha256 ? `, sha256 ${file.sha256.slice(0, 12)}` : ''}`,
    `Machine: ${escaped(cpu.model ?? machine.host)}, ${cpu.usable ?? cpu.cores} cores (${cpu.simd.map(escaped).join(', ')}), ${escaped(machine.system)}`,
    `Versions: infercore ${versions.infercore} (${target}), ${escaped(versions.runtime)}, ${escaped(machine.host)}`,
    `Inputs: ${context.inputs.kind}, seed ${seed}; reference: ${reference.provider}, level ${reference.level}; ${date}`,
  ];
}

/**
 * The result as Markdown: tables, what is best, warnings, and what the numbers depend on.
 *
 * @example
 * const result = await benchmark('model.onnx', { batch: 1, runs: 5, minMs: 0, warmupMs: 0 });
 * toMarkdown(result).startsWith('# Benchmark of'); // true
 */
export function toMarkdown(result: BenchResult): string {
  const common = commonAxes(result);
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');
  const warnings = warningSentences(result).map(escaped);
  const loaded = loadColumns(result);
  const blocks = [
    `# Benchmark of ${escaped(result.context.model.name)}`,
    ...(common === '' ? [] : [escaped(`All configurations: ${common}.`)]),
    tableOf(latencyColumns(result), result),
    bestSentences(result).map(escaped).join(' '),
    '## Phases',
    tableOf(phaseColumns(result), result),
    ...(loaded.length > 0 ? ['## Under load', tableOf(loaded, result)] : []),
    ...(warnings.length > 0 ? ['## Warnings', list(warnings)] : []),
    '## Context',
    list(contextLines(result)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
