import { Option } from 'commander';
import { search } from '../node.js';
import type { AddCommand } from './command.js';
import { embed, withModel } from './model.js';
import {
  addRunOptions,
  modelOption,
  poolingOption,
  positiveInteger,
  type ModelOptions,
  type PoolingOptions,
} from './options.js';
import { readPassages, SPLITS, type Passage, type Split } from './passages.js';
import { print, printable, printJson, stylesFor, wrap } from './terminal.js';
import { UsageError } from './usage_error.js';

interface SearchOptions extends ModelOptions, PoolingOptions {
  readonly limit: number;
  readonly split: Split;
}
interface Hit extends Passage {
  readonly rank: number;
  readonly score: number;
}

export const addSearch: AddCommand = (program, run) => {
  const command = program
    .command('search')
    .summary('find the passages of files that mean what a query says')
    .description(
      'Finds the passages of text files that are nearest to the query in meaning.\n' +
        'Sentences end where Unicode’s rules say so, and at blank lines; shorter ones than\n' +
        'three words are left out. --split lines takes each line instead.',
    )
    .usage('[options] FILE… QUERY')
    .argument('<file-or-query...>', 'files (- is standard input), and the query as the last')
    .option('-k, --limit <n>', 'how many passages', positiveInteger, 5)
    .addOption(new Option('--split <what>', 'what a passage is').choices(SPLITS).default(SPLITS[0]))
    .addOption(modelOption())
    .addOption(poolingOption());
  addRunOptions(command).action((args: string[], options: SearchOptions) =>
    run(async (signal) => {
      const { files, query } = filesAndQuery(args);
      const passages = await readPassages(files, options.split, signal);
      const hits = await find(passages, query, options, signal);
      for (const hit of hits) {
        if (options.json) printJson(hit);
        else printHit(hit);
      }
    }),
  );
};

/** With the query alone, what is piped in is searched. */
function filesAndQuery(args: readonly string[]): { files: string[]; query: string } {
  const query = args.at(-1) ?? '';
  const files = args.slice(0, -1);
  if (files.length === 0 && process.stdin.isTTY) {
    throw new UsageError(
      'expected files and a query, received one argument',
      'infercore search notes.txt "what was decided?"',
    );
  }
  if (query.trim() === '') throw new UsageError('expected a query, received an empty one');
  return { files: files.length === 0 ? ['-'] : files, query };
}

/** The query goes first: a model that can't give one vector a text says so before the long work. */
async function find(
  passages: readonly Passage[],
  query: string,
  options: SearchOptions,
  signal: AbortSignal,
): Promise<Hit[]> {
  if (passages.length === 0) return [];
  return withModel(options, signal, async (extract) => {
    const asked = await embed(extract, [query], options, signal);
    const texts = passages.map((passage) => passage.text);
    const { data, dimensions } = await embed(extract, texts, options, signal);
    const k = Math.min(options.limit, passages.length);
    const { indices, scores } = await search(asked.data, data, { dimensions, k });
    return [...indices].flatMap((index, i) => {
      const passage = passages[index];
      return passage ? [{ rank: i + 1, score: scores[i] ?? 0, ...passage }] : [];
    });
  });
}

/** On a terminal the text is wrapped under itself; in a pipe a hit is one line. */
function printHit({ rank, score, file, line, text }: Hit): void {
  const styles = stylesFor(process.stdout);
  const where = `${printable(file === '-' ? '(stdin)' : file)}:${line}`;
  const head = `${String(rank).padStart(2)}  ${styles.green(score.toFixed(3))}  ${styles.dim(where)}`;
  if (!process.stdout.isTTY) {
    print(`${head}  ${printable(text)}`);
    return;
  }
  print(head);
  for (const part of wrap(printable(text), Math.max(20, process.stdout.columns - 4))) {
    print(`    ${part}`);
  }
}
