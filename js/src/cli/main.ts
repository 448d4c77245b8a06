#!/usr/bin/env node
/** The command `infercore`: wires the commands to signals, errors and exit codes. */
import { Command } from 'commander';
import type { Run } from './command.js';
import { addBench } from './bench.js';
import { addCompare } from './compare.js';
import { addCompile } from './compile.js';
import { addCount } from './count.js';
import { addDiagnose } from './diagnose.js';
import { addEmbed } from './embed.js';
import { EXIT, report } from './failure.js';
import { addInfo } from './info.js';
import { addProfile } from './profile.js';
import { addSearch } from './search.js';
import { addSimilarity } from './similarity.js';
import { addTokenize } from './tokenize.js';

const HELP = `
Exit codes: 0 done, 1 the work failed, 2 wrong use, 130 interrupted.
Environment: NO_COLOR switches colours off, FORCE_COLOR=1 (16), 2 (256) or 3 on; INFERCORE_DEBUG=1
adds stacks to errors.

Examples:
  infercore search notes.txt "what was decided?"      the five nearest sentences
  infercore similarity "a cat" "a kitten"             one number
  cat texts.txt | infercore embed --json              a vector a line
  infercore count docs/*.md                           how many tokens files have
  infercore bench model --batch 1,8 --threads 1,2     how fast a model is, and where
`;

// `infercore … | head` closes the pipe: nobody reads on, so there is nothing left to do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
});

const abort = new AbortController();

/** The first Ctrl-C ends the work in order, the second ends the process. */
function interrupt(): void {
  if (abort.signal.aborted) process.exit(EXIT.interrupted);
  abort.abort();
}

async function run(work: Run): Promise<void> {
  process.on('SIGINT', interrupt);
  try {
    await work(abort.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** Also where the command line is too wrong to be parsed. What follows `--` is text. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).includes('--json');
}

const program = new Command('infercore')
  .description('ONNX models on the command line: texts in, tokens, vectors and answers out.')
  .version(__VERSION__, '-V, --version')
  .addHelpText('after', HELP)
  .helpCommand(false)
  // Faults of the command line are reported as all others are: see failure.ts.
  .configureOutput({ outputError: () => undefined })
  .exitOverride();
for (const add of [
  addTokenize,
  addCount,
  addEmbed,
  addSimilarity,
  addSearch,
  addInfo,
  addDiagnose,
  addCompile,
  addBench,
  addCompare,
  addProfile,
])
  add(program, run);
for (const command of program.commands) command.copyInheritedSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error, {
    json: wantsJson(process.argv.slice(2)),
    interrupted: abort.signal.aborted,
  });
}
