/** The threads that one batch of texts is spread over. */
import { expect, test } from '@jest/globals';
import { testModel } from '../common/model_paths';
import { ended, LIBRARY, runProgram } from '../common/program';

const counts = (numThreads: unknown): string => `
  import { createHash } from 'node:crypto';
  import { readdirSync } from 'node:fs';
  import { env, Tokenizer } from ${LIBRARY};
  env.core.numThreads = ${JSON.stringify(numThreads)};
  const tokenizer = await Tokenizer.from(${JSON.stringify(testModel('tiny-sentence'))} + '/tokenizer.json');
  const threads = () => readdirSync('/proc/self/task').length;
  const before = threads();
  const texts = Array.from({ length: 5000 }, (_, i) => 'Sentence number ' + i + ' of many.');
  const { ids, rows } = tokenizer.encodeBatch(texts);
  const digest = createHash('sha256').update(ids).update(rows).digest('hex');
  console.log(threads() - before, ids.length > 5000, digest);`;

test('env.core.numThreads says how many there are, the calling one among them', async () => {
  const [one, three] = await Promise.all([runProgram(counts(1)), runProgram(counts(3))]);
  const [none, many, digest] = one.out.split(' ');
  expect([none, many]).toEqual(['0', 'true']);
  expect(three).toEqual(ended(`2 true ${digest ?? ''}`));
}, 60_000);

test('all give way by five steps, whichever thread started them', async () => {
  const end = await runProgram(`
    import { readdirSync, readFileSync } from 'node:fs';
    import { env, Tokenizer } from ${LIBRARY};
    env.core.numThreads = 3;
    const tokenizer = await Tokenizer.from(${JSON.stringify(testModel('tiny-sentence'))} + '/tokenizer.json');
    const texts = Array.from({ length: 20000 }, (_, i) => 'Sentence number ' + i + ' of many.');
    for (let i = 0; i < 5; i++) await tokenizer.encodeBatchAsync(texts);
    const nice = (id) => Number(readFileSync('/proc/self/task/' + id + '/stat', 'utf8').split(') ')[1].split(' ')[16]);
    const ours = readdirSync('/proc/self/task')
      .filter((id) => readFileSync('/proc/self/task/' + id + '/comm', 'utf8').startsWith('infercore'));
    console.log([...new Set(ours.map((id) => nice(id) - nice(process.pid)))].join());`);
  expect(end).toEqual(ended('5\n'));
}, 60_000);

test('a wrong number is told when the core is loaded', async () => {
  const end = await runProgram(counts(0));
  expect(end.code).toBe(1);
  expect(end.out).toContain('INVALID_OPTION');
  expect(end.out).toContain('numThreads');
}, 60_000);
