import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CLI, infercore, interrupted, jsonLines } from './command';

const HELLO = 'Hello world';

let folder: string;
let notes: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-cli-'));
  notes = join(folder, 'notes.txt');
  writeFileSync(
    notes,
    'We met at noon today.\n\nThe dog slept in\nthe sun. Taxes went up again.\n',
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('tokenize', () => {
  test('shows pieces, ids and offsets', async () => {
    const { code, stdout } = await infercore(['tokenize', HELLO]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/#\s+id\s+piece\s+offsets/);
    expect(stdout).toMatch(/▁world\s+5–11/);
    expect(stdout).not.toContain('\x1b');
  });

  test('--json gives one document a text; texts come from standard input too', async () => {
    const { code, stdout } = await infercore(['tokenize', '--json'], `${HELLO}\r\n\nagain\n`);
    const documents = jsonLines(stdout);
    expect(code).toBe(0);
    expect(documents.map(({ text }) => text)).toEqual([HELLO, 'again']);
    expect(Object.keys(documents[0] ?? {})).toEqual([
      'text',
      'ids',
      'tokens',
      'offsets',
      'typeIds',
      'specialTokensMask',
      'counts',
    ]);
  });

  test('--max-length cuts', async () => {
    const { stdout } = await infercore(['tokenize', '--json', '--max-length', '1', HELLO]);
    expect(jsonLines(stdout)[0]?.['ids']).toHaveLength(1);
  });

  test('shows control characters as escapes', async () => {
    const { stdout } = await infercore(['tokenize', 'a\x1b[31mb']);
    expect(stdout).not.toContain('\x1b');
  });
});

describe('embed', () => {
  test('--json gives all numbers of a vector of length 1', async () => {
    const { code, stdout } = await infercore(['embed', '--json', HELLO]);
    const vector = jsonLines(stdout)[0]?.['vector'] as number[];
    expect(code).toBe(0);
    expect(vector).toHaveLength(512);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  test('shows people the first numbers', async () => {
    const { stdout } = await infercore(['embed', HELLO]);
    expect(stdout).toMatch(/^Hello world\n {2}\[.* …\] {2}512 dimensions\n$/);
  });

  test('nothing piped in gives nothing', async () => {
    expect(await infercore(['embed'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('similarity', () => {
  test('of two texts is a number, nearer texts have a larger one', async () => {
    const near = await infercore(['similarity', 'a cat', 'a kitten']);
    const far = await infercore(['similarity', 'a cat', 'the tax office']);
    expect(near.stdout).toMatch(/^-?\d\.\d{3}\n$/);
    expect(Number(near.stdout)).toBeGreaterThan(Number(far.stdout));
  });

  test('of more texts is a table, with --json a matrix with ones on its diagonal', async () => {
    const texts = ['a cat', 'a kitten', 'taxes'];
    const [document] = jsonLines((await infercore(['similarity', '--json', ...texts])).stdout);
    const matrix = document?.['similarity'] as number[][];
    expect(document?.['texts']).toEqual(texts);
    expect(matrix.map((row, i) => Math.round(1e4 * (row[i] ?? 0)))).toEqual([1e4, 1e4, 1e4]);
    expect((await infercore(['similarity', ...texts])).stdout.split('\n')).toHaveLength(5);
  });
});

describe('search', () => {
  test('finds a sentence by its meaning, with file and line', async () => {
    const { code, stdout } = await infercore(['search', notes, 'An animal is resting.', '-k', '1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ 1 {2}0\.\d{3} {2}.*notes\.txt:3 {2}The dog slept in the sun\.\n$/);
  });

  test('--json gives a document a hit; --split lines takes lines; - is standard input', async () => {
    const args = ['search', '--json', '--split', 'lines', '-', 'pets'];
    const hits = jsonLines((await infercore(args, 'the cat\ntaxes\n')).stdout);
    expect(hits).toEqual([
      { rank: 1, score: expect.any(Number), text: 'the cat', line: 1, file: '-' },
      { rank: 2, score: expect.any(Number), text: 'taxes', line: 2, file: '-' },
    ]);
  });

  test('a file that is not there is named, with code 1', async () => {
    const { code, stdout, stderr } = await infercore(['search', join(folder, 'none.txt'), 'query']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: .*none\.txt\nhint: /);
  });
});

describe('compile', () => {
  test('writes what tokenize takes for a model', async () => {
    const file = join(folder, 'tokenizer.bin');
    const { code, stdout } = await infercore(['compile', '-o', file, '--json']);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ output: file, bytes: statSync(file).size }]);
    const own = await infercore(['tokenize', HELLO, '--json']);
    const compiled = await infercore(['tokenize', HELLO, '--json', '--model', file]);
    expect(compiled.stdout).toBe(own.stdout);
    const [shown] = jsonLines((await infercore(['info', file, '--json'])).stdout);
    expect(shown).toMatchObject({ tokenizer: { model: 'Unigram' } });
    expect((await infercore(['compile', '--output', file])).stdout).toMatch(/bin: \d+\.\d MB\n$/);
  });

  test('says what is missing or in its way', async () => {
    const nowhere = await infercore(['compile', '-o', join(folder, 'no', 'file')]);
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining("can't write")]);
    const unsaid = await infercore(['compile']);
    expect([unsaid.code, unsaid.stderr]).toEqual([2, expect.stringContaining('--output')]);
  });
});

describe('info', () => {
  test('of the default model names inputs, outputs, providers, components, versions', async () => {
    const { code, stdout } = await infercore(['info']);
    expect(code).toBe(0);
    for (const part of ['input_ids', 'sentence_embedding', 'used cpu', 'Unigram', 'NFKC', 'Node v'])
      expect(stdout).toContain(part);
  });

  test('of a tokenizer’s file has no model', async () => {
    const file = join(process.cwd(), 'models', 'default-model', 'tokenizer.json');
    const [document] = jsonLines((await infercore(['info', '--json', file])).stdout);
    expect(document).toMatchObject({ source: file, tokenizer: { model: 'Unigram' } });
    expect(document).not.toHaveProperty('model');
    const vocab = join(folder, 'vocab.txt');
    writeFileSync(vocab, ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].join('\n'));
    const [older] = jsonLines((await infercore(['info', '--json', vocab])).stdout);
    expect(older).toMatchObject({ tokenizer: { model: 'WordPiece', vocabSize: 4 } });
  });
});

describe('diagnose', () => {
  test('of the default model says which nodes run where, and what it takes', async () => {
    const { code, stdout } = await infercore(['diagnose']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^library +\S+onnxruntime/m);
    expect(stdout).toMatch(/^memory +\d+ MB of the process/m);
    expect(stdout).toMatch(/^cpu +[\d,]+ {2}.*MatMul \d+/m);
  });

  test('--json has the whole report', async () => {
    const file = join(process.cwd(), 'build', 'test-models', 'add.onnx');
    const [document] = jsonLines((await infercore(['diagnose', '--json', file])).stdout);
    expect(document).toMatchObject({
      providers: { used: ['cpu'] },
      placement: [{ provider: 'cpu', nodes: 1, operators: { Add: 1 } }],
    });
    const { before, loaded } = (document as { memory: Record<string, number> }).memory;
    expect(loaded).toBeGreaterThan(before ?? Infinity);
  });

  test('of a tokenizer’s file ends with an error', async () => {
    const file = join(process.cwd(), 'models', 'default-model', 'tokenizer.json');
    const { code, stderr } = await infercore(['diagnose', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('ONNX');
  });
});

describe('wrong use ends with code 2 and says what is right', () => {
  test.each([
    ['an unknown command', ['serch'], /unknown command 'serch'/],
    ['an unknown option', ['embed', '--jsn', 'x'], /unknown option '--jsn'/],
    ['a limit that is no number', ['search', notes, 'x', '-k', 'many'], /whole number above 0/],
    ['an unknown pooling', ['embed', '--pooling', 'max', 'x'], /mean, cls, last/],
    ['one text to compare', ['similarity', 'a'], /two texts or more, received 1/],
    ['an empty query', ['search', 'notes.txt', ' '], /expected a query/],
    ['standard input twice', ['tokenize', '-', '-'], /once at most/],
    ['no command', [], /Usage: infercore/],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await infercore(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('errors', () => {
  test('have no stack, with INFERCORE_DEBUG=1 they have', async () => {
    const args = ['tokenize', '--model', join(folder, 'none.json'), 'x'];
    expect((await infercore(args)).stderr).not.toContain('    at ');
    expect((await infercore(args, '', { INFERCORE_DEBUG: '1' })).stderr).toContain('    at ');
  });

  test('--json gives them as JSON too', async () => {
    const { code, stderr } = await infercore(['info', '--json', join(folder, 'none.json')]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test.each([
    ['an unknown option', ['embed', '--json', '--poolin', 'cls', 'x'], "unknown option '--poolin'"],
    ['an unknown command', ['serch', '--json', 'x'], "unknown command 'serch'"],
    ['a wrong value', ['search', '--json', '-k', 'many', 'a', 'b'], 'a whole number above 0'],
    ['a value that is missing', ['tokenize', '--json', 'x', '--max-length'], 'argument missing'],
  ])('--json gives wrong use as JSON: %s', async (_what, args, words) => {
    const { code, stdout, stderr } = await infercore(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'USAGE', message: expect.stringContaining(words), hint: 'see --help' },
    });
  });

  test('a text --json after -- asks for no JSON', async () => {
    const { stderr } = await infercore(['similarity', '--', '--json']);
    expect(stderr).toMatch(/^error: expected two texts or more/);
  });
});

test('--help and --version end with code 0', async () => {
  const help = await infercore(['--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('Exit codes: 0 done, 1 the work failed, 2 wrong use');
  const { code, stdout } = await infercore(['--version']);
  expect([code, stdout]).toEqual([0, '0.1.0\n']);
});

test('a closed pipe ends the command quietly', async () => {
  const child = spawn(process.execPath, [CLI, 'tokenize'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  child.stdout.once('data', () => {
    child.stdout.destroy();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end('a line of text\n'.repeat(20_000));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, stderr]).toEqual([0, '']);
});

describe('Ctrl-C ends the command with code 130', () => {
  /** More than a pipe holds: when it is written, the command has begun to read. */
  const LINES = 'a line of text that takes a while to embed\n'.repeat(50_000);

  test.each(['embed', 'tokenize', 'similarity'])(
    'while %s reads',
    async (command) => {
      const reading = (child: ChildProcessWithoutNullStreams) =>
        new Promise((resolve) => child.stdin.write(LINES, resolve));
      expect(await interrupted([command], reading)).toEqual({ code: 130, stderr: '' });
    },
    60_000,
  );

  test('while it embeds', async () => {
    // The session has been made when it warns of a provider, and then 50,000 texts come.
    const warned = (child: ChildProcessWithoutNullStreams) => {
      child.stdin.end(LINES);
      return new Promise((resolve) => child.stderr.once('data', resolve));
    };
    const { code, stderr } = await interrupted(['embed', '--provider', 'coreml'], warned);
    expect(code).toBe(130);
    expect(stderr).toMatch(/^warning: .*\n$/);
  }, 60_000);
});
