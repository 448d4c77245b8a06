/** `infercore tokenize` and `infercore count`: what they show, compare and count. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Tokenizer } from 'infercore';
import { CLI, infercore, interrupted, jsonLines, PLAIN } from './command';

/** Bytes as GPT-2 writes those that the tests have. */
const BYTES = { ' ': 'Ġ', '\n': 'Ċ', '🐳': 'ðŁĲ³' };
const MERGES = ['w h', 'a l', 'wh al', 'whal e', 'ð Ł', 'Ġ whale', 'Ġ ðŁ'];
const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'the', 'white', 'whale', '##s', '!'];

function byteLevel(): object {
  const merged = MERGES.map((merge) => merge.replace(' ', ''));
  const letters = [...new Set('thewialswhe!.' + Object.values(BYTES).join(''))];
  const vocab = Object.fromEntries([...letters, ...merged].map((token, id) => [token, id]));
  const special = { id: 100, content: '<|end|>', special: true, single_word: false };
  const stage = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: false,
    use_regex: true,
  };
  return {
    version: '1.0',
    added_tokens: [{ ...special, lstrip: false, rstrip: false, normalized: false }],
    normalizer: null,
    pre_tokenizer: stage,
    post_processor: null,
    decoder: stage,
    model: { type: 'BPE', vocab: { ...vocab, '<|end|>': 100 }, merges: MERGES, unk_token: null },
  };
}

/** A token a character. */
function characters(): object {
  const json = byteLevel() as { model: object };
  const vocab = Object.fromEntries(
    [' ', 's', '!', '\u0301', '[UNK]'].map((token, id) => [token, id]),
  );
  const model = { type: 'WordLevel', vocab, unk_token: '[UNK]' };
  const pre_tokenizer = {
    type: 'Split',
    pattern: { Regex: '.' },
    behavior: 'Isolated',
    invert: false,
  };
  return { ...json, added_tokens: [], decoder: null, pre_tokenizer, model };
}

let folder: string;
let bytes: string;
let words: string;
const at = (name: string) => join(folder, name);
const write = (name: string, content: string | Uint8Array) => {
  writeFileSync(at(name), content);
  return at(name);
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infercore-cli-'));
  bytes = write('bytes.json', JSON.stringify(byteLevel()));
  words = write('vocab.txt', WORDS.join('\n'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const lines = (stdout: string) => stdout.trimEnd().split('\n');

describe('tokenize', () => {
  test('shows the text as its pieces: spaces, line ends and half characters by signs', async () => {
    const { code, stdout } = await infercore(['tokenize', '-t', bytes, 'whale whale 🐳\nthe']);
    expect(code).toBe(0);
    expect(lines(stdout).slice(0, 2)).toEqual(['whale│·whale│·⟨F0⟩⟨9F⟩│⟨90⟩│⟨B3⟩│↵', 't│h│e']);
    expect(stdout).toMatch(/2 +22 {2}ĠðŁ +11–14 +·🐳 +shared\n/);
    expect(lines(stdout).at(-1)).toBe('9 tokens, 17 characters, 20 bytes, 2.2 bytes a token');
  });

  test('marks special tokens, added ones and those of the text, and unknown ones', async () => {
    const plain = await infercore(['tokenize', '-t', words, 'The whales fly!']);
    expect(lines(plain.stdout)[0]).toBe('[CLS]│The│ │whale│s│ │fly│!│[SEP]');
    expect(plain.stdout).toMatch(/\[CLS\] +special\n/);
    expect(plain.stdout).toMatch(/\[UNK\] +11–14 +fly +unknown\n/);
    expect(lines(plain.stdout).at(-1)).toMatch(
      /^7 tokens \(2 special\), 15 characters, 15 bytes, 3/,
    );
    const own = await infercore(['tokenize', '-t', bytes, 'the<|end|>']);
    expect(own.stdout).toMatch(/<\|end\|> +3–10 +<\|end\|> +special\n/);
  });

  test('FORCE_COLOR brings coloured grounds, neighbours in different ones', async () => {
    const args = ['tokenize', '-t', words, 'the white whale fly'];
    const { stdout } = await infercore(args, '', { FORCE_COLOR: '2' });
    const [strip = ''] = lines(stdout.replaceAll('\x1b', '␛'));
    const cells = [...strip.matchAll(/␛\[([\d;]+)m([^␛]+)␛\[[\d;]+m/g)];
    const styles = new Map(cells.map(([, style = '', text = '']) => [text, style]));
    expect([...styles.keys()]).toEqual(['[CLS]', 'the', ' ', 'white', 'whale', 'fly', '[SEP]']);
    const grounds = ['the', 'white', 'whale'].map((text) => styles.get(text));
    expect(new Set(grounds).size).toBe(3);
    // Black ink on them, so that they read whatever the terminal's colours are.
    for (const ground of grounds) expect(ground).toMatch(/^38;5;16;48;5;\d+$/);
    expect(styles.get('[CLS]')).toBe('1;4');
    expect(styles.get('fly')).toBe('38;5;231;48;5;160');
    const few = await infercore(args, '', { FORCE_COLOR: '1' });
    expect(few.stdout.replaceAll('\x1b', '␛')).toMatch(/␛\[30;4\dmthe␛\[39;49m/);
  });

  test.each([{}, { NO_COLOR: '1' }, { FORCE_COLOR: '0' }])(
    'has no colours with %j',
    async (env) => {
      expect((await infercore(['tokenize', 'a cat'], '', env)).stdout).not.toContain('\x1b');
    },
  );

  test('shows no control characters, whatever a text holds', async () => {
    const { stdout } = await infercore(['tokenize', '-t', words, 'a\x1b[2Jb\u202ec\u0007']);
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
    expect(stdout).toContain('⟨1B⟩');
  });

  test('takes files whole, line ends and all, beside texts', async () => {
    const file = write('poem.txt', 'the whale\n\nthe whale\n');
    const { stdout } = await infercore(['tokenize', '--json', '-t', words, 'the', '-f', file]);
    expect(jsonLines(stdout).map(({ text }) => text)).toEqual(['the', 'the whale\n\nthe whale\n']);
    expect(jsonLines(stdout)[1]?.['counts']).toEqual({
      tokens: 6,
      special: 2,
      characters: 21,
      bytes: 21,
      bytesPerToken: 5.25,
    });
  });

  test('takes standard input whole as a file', async () => {
    const { stdout } = await infercore(['tokenize', '--json', '-t', words, '-f', '-'], 'the\n\n!');
    expect(jsonLines(stdout).map(({ text }) => text)).toEqual(['the\n\n!']);
  });

  test('a pair’s pieces show the pair’s text', async () => {
    const { stdout } = await infercore(['tokenize', '-t', words, 'the  ', '--pair', ' whale']);
    expect(lines(stdout)[0]).toBe('[CLS]│the│  │[SEP]│ │whale│[SEP]');
  });

  test('says when something was cut off', async () => {
    const { stdout } = await infercore(['tokenize', '--max-length', '3', '-t', words, 'the whale']);
    expect(lines(stdout)[0]).toBe('[CLS]│the│ whale│[SEP]');
    expect(lines(stdout).at(-1)).toContain('was cut off');
  });

  test('takes a folder of older files, with its settings', async () => {
    mkdirSync(at('cased'));
    write('cased/vocab.txt', ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'The'].join('\n'));
    write('cased/tokenizer_config.json', '{"do_lower_case": false}');
    const { stdout } = await infercore(['tokenize', '--json', '-t', at('cased'), 'The the']);
    expect(jsonLines(stdout)[0]?.['ids']).toEqual([2, 4, 1, 3]);
    write('cased/tokenizer_config.json', '{');
    for (const source of [at('cased'), at('cased/vocab.txt')]) {
      const { code, stderr } = await infercore(['tokenize', '-t', source, 'x']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: expected JSON in .*tokenizer_config\.json/);
    }
  });

  test('takes a vocab.json with the merges.txt beside it', async () => {
    const { model } = byteLevel() as { model: { vocab: object } };
    write('vocab.json', JSON.stringify({ ...model.vocab, '<|endoftext|>': 101 }));
    write('merges.txt', `#version: 0.2\n${MERGES.join('\n')}\n`);
    const { stdout } = await infercore(['tokenize', '-t', at('vocab.json'), ' whale whale']);
    expect(lines(stdout)[0]).toBe('·whale│·whale');
  });
});

/** On a terminal of 40 columns, which util-linux's `script` makes. */
const onTerminal = existsSync('/usr/bin/script') ? describe : describe.skip;

onTerminal('on a terminal', () => {
  const run = (args: string[], env: Record<string, string> = {}): string => {
    const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
    const all = { ...process.env, ...PLAIN, TERM: 'xterm-256color', ...env };
    const script = ['-qec', `stty cols 40; ${command}`, '/dev/null'];
    return execFileSync('script', script, { env: all, encoding: 'utf8' }).replaceAll('\r\n', '\n');
  };
  const text = 'the white whales '.repeat(6);
  const plain = (shown: string) => shown.replaceAll('\x1b', '␛').replace(/␛\[[\d;]*m/g, '');

  test('pieces have colours, and break at its width', () => {
    const shown = run(['tokenize', '-t', words, text]);
    expect(shown).toContain('\x1b[38;5;16;48;5;');
    const strip = plain(shown).split('\n\n')[0]?.split('\n') ?? [];
    expect(strip.join('')).toBe(`[CLS]${text}[SEP]`);
    expect(strip).toHaveLength(3);
    expect(Math.max(...strip.map(({ length }) => length))).toBeLessThanOrEqual(40);
  });

  test('NO_COLOR and FORCE_COLOR=0 switch colours off', () => {
    for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '0' }]) {
      expect(run(['tokenize', '-t', words, 'the whale'], env)).not.toContain('\x1b');
    }
  });

  test('two columns fit into it', () => {
    const shown = plain(run(['tokenize', '-t', words, '--compare', bytes, 'white'.repeat(20)]));
    const table = shown.split('\n\n')[1]?.split('\n') ?? [];
    expect(Math.max(...table.map(({ length }) => length))).toBeLessThanOrEqual(40);
    expect(table.length).toBeGreaterThan(3);
  });
});

test('tokenize shows a row for each token of a long text', async () => {
  const file = write('long.txt', 'the '.repeat(150_000));
  const { code, stdout, stderr } = await infercore(['tokenize', '-t', words, '--file', file]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.match(/\bthe$/gm)?.length ?? 0).toBeGreaterThanOrEqual(150_000);
}, 60_000);

describe('tokenize takes other formats', () => {
  const golden = (name: string) => {
    const path = join('tests', 'conformance', 'format-goldens', `${name}.json`);
    return JSON.parse(readFileSync(path, 'utf8')) as {
      file: string;
      config?: object;
      cases: { text: string; ids: number[] }[];
    };
  };

  test.each([
    ['unigram', 'spiece.model'],
    ['tiktoken', 'own.tiktoken'],
  ])('%s, with the settings beside it', async (name, file) => {
    const { file: content, config, cases } = golden(name);
    mkdirSync(at(name));
    write(join(name, file), Buffer.from(content, 'base64'));
    if (config) write(join(name, 'tokenizer_config.json'), JSON.stringify(config));
    const { text = '', ids } = cases.find((each) => each.text === 'the white whale') ?? {};
    const source = at(join(name, file));
    const { code, stdout } = await infercore(['tokenize', '--json', '-t', source, text]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]?.['ids']).toEqual(ids);
  });
});

describe('tokenize --compare', () => {
  const TEXT = 'the whales 🐳!';

  test('shows both, part by part, where they differ, and what it comes to', async () => {
    const args = ['tokenize', '-t', words, '--compare', bytes, TEXT];
    const { code, stdout } = await infercore(args);
    expect(code).toBe(0);
    const shown = lines(stdout);
    expect(shown).toContain('[CLS]│the│ │whale│s│ │🐳│!│[SEP]');
    expect(shown.map((line) => line.replace(/\s+/g, ' ').trim())).toEqual(
      expect.arrayContaining([
        '0–3 ≠ the t│h│e',
        '3–9 whale ·whale',
        '9–10 s s',
        '10–13 ≠ 🐳 ·⟨F0⟩⟨9F⟩│⟨90⟩│⟨B3⟩',
        '13–14 ! !',
        'A 7 2 3.2',
        'B 9 0 1.8',
        'B − A +2 +29 %',
        'Cuts: 4 in both, 0 in A alone, 2 in B alone; ≠ is where they differ',
      ]),
    );
  });

  test('--json has both, the difference and the cuts', async () => {
    const { stdout } = await infercore([
      'tokenize',
      '--json',
      '-t',
      words,
      '--compare',
      bytes,
      TEXT,
    ]);
    expect(jsonLines(stdout)).toEqual([
      {
        text: TEXT,
        tokenizers: [
          expect.objectContaining({ source: words, ids: [2, 4, 6, 7, 1, 8, 3] }),
          expect.objectContaining({ source: bytes, tokens: expect.arrayContaining(['Ġwhale']) }),
        ],
        difference: 2,
        cuts: { both: [3, 9, 10, 13], first: [], second: [1, 2] },
      },
    ]);
  });

  test('spaces and accents that one of them drops are no differences', async () => {
    const args = ['tokenize', '--json', '-t', words, '--compare'];
    const kept = write('kept.json', JSON.stringify(characters()));
    const { stdout } = await infercore([...args, kept, 's\u0301!  s\u0301']);
    // The accent's letter ends behind it, and what the spaces part ends before them.
    expect(jsonLines(stdout)[0]?.['cuts']).toEqual({
      both: [2, 3],
      first: [],
      second: [1, 4, 5, 6],
    });
  });

  test('of a tokenizer with itself finds nothing', async () => {
    const args = ['tokenize', '--compare', bytes, '-t', bytes, TEXT];
    const { stdout } = await infercore(args);
    expect(stdout).not.toContain('≠');
    expect(stdout).toMatch(/B − A +0 +0 %/);
  });
});

describe('count', () => {
  test('counts each file as countTokens counts its text, and sums', async () => {
    const contents = [
      'the whale\n'.repeat(40_000),
      '\ufeffthe 🐳 whales!\r\n\r\n  the',
      '',
      'white'.repeat(5_000),
    ];
    const files = contents.map((content, i) => write(`c${i}.txt`, content));
    const { code, stdout } = await infercore([
      'count',
      '--json',
      '--sort',
      'none',
      '-t',
      words,
      ...files,
    ]);
    expect(code).toBe(0);
    const rows = jsonLines(stdout);
    using tokenizer = await Tokenizer.from({ vocab: readFileSync(words) });
    const tokens = contents.map((content) => tokenizer.countTokens(content));
    expect(rows.slice(0, -1).map((row) => row['tokens'])).toEqual(tokens);
    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
    const sizes = contents.map((content) => Buffer.byteLength(content));
    expect(rows.at(-1)).toEqual({
      total: {
        files: 4,
        failed: 0,
        tokens: sum(tokens),
        special: 8,
        bytes: sum(sizes),
        bytesPerToken: sum(sizes) / (sum(tokens) - 8),
      },
    });
  });

  test('shows a table, the most tokens first, and other orders', async () => {
    write('few.txt', 'whale '.repeat(10));
    write('many.txt', 'the '.repeat(2000));
    const files = [at('few.txt'), at('many.txt')];
    const { stdout } = await infercore(['count', '-t', words, '--no-special-tokens', ...files]);
    expect(lines(stdout)).toEqual([
      expect.stringMatching(/^tokens +bytes +bytes a token +file$/),
      ` 2,000  8,000           4.00  ${at('many.txt')}`,
      `    10     60           6.00  ${at('few.txt')}`,
      ' 2,010  8,060           4.01  2 files',
    ]);
    const byName = await infercore(['count', '--sort', 'name', '-t', words, ...files]);
    expect(lines(byName.stdout)[1]).toContain('few.txt');
  });

  test('names what it can’t count, counts the rest, and ends with code 1', async () => {
    const good = write('good.txt', 'the whale');
    const wrong = [
      [write('latin1.txt', Buffer.from('caf\xe9 au lait', 'latin1')), 'has 0xe9 at byte 3'],
      [write('cut.txt', Buffer.from('🐳').subarray(0, 3)), 'has 0xf0 at byte 0'],
      [write('utf16.txt', Buffer.from('\ufeffthe', 'utf16le')), 'it begins as UTF-16 does'],
      [folder, 'is a folder'],
      [at('none.txt'), 'there is none at'],
      ['/dev/null', 'is a pipe, a socket or a device'],
    ] as const;
    const args = ['count', '-t', words, good, ...wrong.map(([file]) => file)];
    const { code, stdout, stderr } = await infercore(args);
    expect(code).toBe(1);
    for (const [file, reason] of wrong) {
      expect(stderr).toContain(file);
      expect(stderr).toContain(reason);
    }
    expect(lines(stdout).at(-1)).toMatch(
      /^ +4 +9 +4.50 {2}1 file, without 6 that can’t be counted$/,
    );
    const asJson = await infercore([...args.slice(0, 4), '--json', at('none.txt')]);
    expect(jsonLines(asJson.stderr)).toEqual([
      { file: at('none.txt'), error: expect.objectContaining({ code: 'NOT_FOUND' }) },
    ]);
    expect(jsonLines(asJson.stdout).at(-1)).toMatchObject({ total: { files: 1, failed: 1 } });
  });

  test('takes standard input as one text', async () => {
    const { code, stdout } = await infercore(['count', '-t', words], 'the\nwhale\n');
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([
      expect.stringContaining('tokens'),
      expect.stringMatching(/^ +4 +10 +5.00 {2}\(stdin\)$/),
    ]);
    const bad = await infercore(['count', '-t', words, '-'], Uint8Array.of(0x61, 0xff));
    expect(bad).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('0xff') });
  });

  test('counts a file in one piece: no token ends where a part of a file would', async () => {
    const text = 'whale'.repeat(300_000);
    const file = write('long.txt', text);
    const { stdout } = await infercore(['count', '--json', '-t', bytes, file]);
    expect(jsonLines(stdout)[0]?.['tokens']).toBe(300_000);
  });

  test('Ctrl-C ends it with code 130', async () => {
    const reading = (child: { stdin: { write(text: string, done: () => void): void } }) =>
      new Promise<void>((resolve) => {
        child.stdin.write('the whale '.repeat(50_000), resolve);
      });
    expect(await interrupted(['count'], reading)).toEqual({ code: 130, stderr: '' });
  });
});

describe('wrong use ends with code 2 and says what is right', () => {
  test.each([
    ['two names of one tokenizer', ['tokenize', '-t', 'a', '-m', 'b', 'x'], /cannot be used with/],
    ['--compare with --pair', ['tokenize', '--compare', 'a', '--pair', 'b', 'x'], /cannot be used/],
    ['--compare, cut', ['tokenize', '--compare', 'a', '--max-length', '5', 'x'], /cannot be used/],
    ['--compare with nothing', ['tokenize', 'x', '--compare'], /argument missing/],
    ['a length that is no number', ['tokenize', '--max-length', '0', 'x'], /whole number above 0/],
    ['an unknown order', ['count', '--sort', 'size', 'x'], /tokens, bytes, name, none/],
    ['standard input twice', ['count', '-', '-'], /once at most/],
    ['standard input as lines and whole', ['tokenize', '-', '-f', '-'], /once at most/],
    ['an unknown option', ['count', '--recursive', 'x'], /unknown option '--recursive'/],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await infercore(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('a tokenizer that can’t be read ends with code 1', () => {
  test.each([['tokenize'], ['count']])('%s', async (command) => {
    const { code, stderr } = await infercore([command, '-t', at('none.json'), bytes]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*none\.json/);
  });
  test('the second, too', async () => {
    const { code, stdout, stderr } = await infercore(['tokenize', '--compare', at('c.json'), 'x']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: .*c\.json/);
  });
});

test.each([['tokenize'], ['count']])('%s --help has examples', async (command) => {
  const { code, stdout } = await infercore([command, '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain(`Examples:\n  infercore ${command} `);
});
