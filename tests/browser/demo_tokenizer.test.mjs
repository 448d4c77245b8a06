/** The tokenizer playground by real clicks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Tokenizer } from 'infercore/browser';
import { at } from '../../scripts/lib/act.mjs';
import { demoSite, drop, dropAll, file, PHONE, usableByAll } from './demo_site.mjs';

const onPage = demoSite();

const TOKENIZER = {
  version: '1.0',
  added_tokens: [],
  normalizer: { type: 'NFKC' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: null,
  decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  model: {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['[UNK]', 0],
      ['▁Hello', -1],
      ['▁whale', -1],
      ['▁', -2],
    ],
  },
};
const started = (page) => page.locator('#pieces .chip').first().waitFor();
const text = (page) => page.getByLabel('Text', { exact: true });
const choose = (page, content) =>
  page.getByLabel(/Choose files/).setInputFiles(file('tokenizer.json', content));
const kind = (page, name) => page.locator('#about dd', { hasText: name }).waitFor();

describe('tokenizer playground', () => {
  test('shows pieces, ids and places; takes a tokenizer of the user’s own', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await text(page).fill('Hello 🐳 whale');
      await choose(page, JSON.stringify(TOKENIZER));
      await kind(page, '4 tokens');
      // Cell by cell: rows that are out of sight, and perhaps not drawn yet, have no spaces between them.
      const rows = await page
        .locator('#rows tr')
        .evaluateAll((list) => list.map(({ cells }) => [...cells].map((cell) => cell.textContent)));
      assert.deepEqual(rows, [
        ['0', '1', '▁Hello', 'Hello', '0–5', '5', ''],
        ['1', '3', '▁', '·', '5–6', '1', ''],
        ['2', '0', '🐳', '🐳', '6–8', '4', 'unknown'],
        ['3', '2', '▁whale', '·whale', '8–14', '6', ''],
      ]);
      const counts = await page.locator('#counts').innerText();
      assert.match(counts, /4 tokens[^]*13 characters[^]*7\.7 % of the text unknown/);
      await page.getByRole('button', { name: 'Back to the default' }).click();
      await kind(page, '7,998 tokens');
    }));

  test('tells the bytes of a character apart, and what one character became', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const bytes = ['F0', '9F', '90', 'B3'];
      const vocab = [...bytes.map((byte) => `<0x${byte}>`), '▁', 'f', 'i'].map((each) => [
        each,
        -1,
      ]);
      const model = { ...TOKENIZER.model, byte_fallback: true };
      model.vocab = [...model.vocab.slice(0, 1), ...vocab];
      await choose(page, JSON.stringify({ ...TOKENIZER, model }));
      await kind(page, '8 tokens');
      await text(page).fill('🐳ﬁ');
      await page.locator('.chip', { hasText: '⟨B3⟩' }).waitFor();
      assert.deepEqual(await page.locator('.chip-text').allTextContents(), [
        '▁',
        '⟨F0⟩',
        '⟨9F⟩',
        '⟨90⟩',
        '⟨B3⟩',
        'f',
        'i',
      ]);
      const rows = await page.locator('#rows tr').allInnerTexts();
      assert.deepEqual(rows[1].trim().split(/\s+/), [
        '1',
        '1',
        '<0xF0>',
        '🐳',
        '0–2',
        '1',
        'shared',
      ]);
      assert.deepEqual(rows[6].trim().split(/\s+/), ['6', '7', 'i', 'ﬁ', '2–3', 'shared']);
    }));

  test('takes a tokenizer that is dropped on the page', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await drop(page, 'dropped.json', JSON.stringify(TOKENIZER));
      await kind(page, 'dropped.json');
    }));

  test('shows what is wrong with a file, and goes on with the old tokenizer', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const wrong = { ...TOKENIZER, model: { type: 'Markov' } };
      await choose(page, '<!doctype html>');
      await page.getByRole('alert').filter({ hasText: 'NOT_A_TOKENIZER' }).waitFor();
      await choose(page, JSON.stringify(wrong));
      await page.getByRole('alert').filter({ hasText: 'Markov' }).waitFor();
      await page.getByRole('button', { name: 'Emoji' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await started(page);
    }));

  test('shares a text by its address', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const words = 'Ünï 🐳\nsecond line';
      await text(page).fill(words);
      const special = page.getByRole('checkbox', { name: 'Add special tokens' });
      await special.uncheck();
      await page.getByRole('button', { name: 'Copy a link' }).click();
      await page.getByText(/Copied|address bar/).waitFor();
      const link = page.url();
      await page.goto('about:blank');
      await page.goto(link);
      await started(page);
      assert.equal(await text(page).inputValue(), words);
      assert.ok(!(await special.isChecked()));
    }));
});

/** BERT's older file, and GPT-2's two. */
const VOCAB = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'hello', 'whale', '##s', '!'].join('\n');
const MERGES = ['h e', 'w h', 'wh a', 'wha l', 'whal e', 'Ġ whale', 'Ġwhale s'];
const LETTERS = [...new Set('helowas!Ġ'), ...MERGES.map((merge) => merge.replace(' ', ''))];
const VOCAB_JSON = JSON.stringify(
  Object.fromEntries([...LETTERS, '<|endoftext|>'].map((token, id) => [token, id])),
);
const OLDER = /** @type {const} */ ([
  ['merges.txt', `#version: 0.2\n${MERGES.join('\n')}\n`],
  ['vocab.json', VOCAB_JSON],
]);
const detail = (page, words) => page.locator('#detail', { hasText: words }).waitFor();
const alert = (page, words) => page.getByRole('alert').filter({ hasText: words }).waitFor();

describe('pieces by pointer and by keys', () => {
  test('tell their id, place and bytes, and light up their row', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await text(page).fill('Hello whale');
      await choose(page, JSON.stringify(TOKENIZER));
      await kind(page, '4 tokens');
      await page.locator('#pieces button').nth(1).hover();
      await detail(page, '▁whale id 2, token 1, place 5–11, 6 bytes');
      assert.equal(
        await page
          .locator('#rows tr.lit')
          .innerText()
          .then((row) => row[0]),
        '1',
      );
      await page.locator('h1').hover();
      await detail(page, 'Point at a piece');
      assert.equal(await page.locator('#rows tr.lit').count(), 0);
      await page.locator('#rows tr').first().hover();
      await page.locator('#pieces .chip.lit', { hasText: 'Hello' }).waitFor();
    }));

  test('are one stop of the Tab key, and the arrows go through them', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await page.getByRole('button', { name: 'Copy a link' }).focus();
      await page.keyboard.press('Tab');
      await detail(page, 'token 0,');
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
      await detail(page, 'token 1,');
      await page.keyboard.press('End');
      await detail(page, 'token 28,');
      await page.keyboard.press('Enter');
      assert.ok(await page.locator('#rows tr').last().isVisible());
      assert.ok((await page.locator('#table').evaluate((frame) => frame.scrollTop)) > 0);
      await page.keyboard.press('Tab');
      await page.locator('#table:focus').waitFor();
    }));

  test('stand below titles of one height', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const tops = await page
        .locator('#table th')
        .evaluateAll((titles) => titles.map((title) => title.getBoundingClientRect().top));
      assert.equal(new Set(tops).size, 1);
    }));
});

describe('two tokenizers side by side', () => {
  const TEXT = 'hello whales!';
  const segments = (page) =>
    page
      .locator('.segment')
      .evaluateAll((all) =>
        all.map((each) => [
          each.classList.contains('differs') ? '≠' : '=',
          ...[...each.querySelectorAll('.gloss-line')].map((line) =>
            [...line.querySelectorAll('.chip-text')].map((chip) => chip.textContent).join('|'),
          ),
        ]),
      );
  const differing = (page) => page.locator('.segment.differs').first().waitFor();

  test('dropped together are compared part by part, with counts and cuts', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await text(page).fill(TEXT);
      await dropAll(page, [['vocab.txt', VOCAB], ...OLDER]);
      await differing(page);
      assert.deepEqual(await segments(page), [
        ['=', '[CLS]', ''],
        ['≠', 'hello', 'he|l|l|o'],
        ['≠', 'whale|s', '·whales'],
        ['=', '!', '!'],
        ['=', '[SEP]', ''],
      ]);
      const counts = await page.locator('.versus tbody tr').allInnerTexts();
      assert.deepEqual(
        counts.map((row) => row.trim().split(/\s+/)),
        [
          ['A', 'vocab.txt', '6', '2', '3.3'],
          ['B', 'vocab.json,', 'merges.txt', '6', '0', '2.2', '0'],
        ],
      );
      await page.getByText('Of 13 bytes: 2 cuts in both, 1 in A alone, 3 in B alone.').waitFor();
      await page.locator('.segment').nth(2).locator('[data-which="1"]').hover();
      await detail(page, 'B Ġwhales id');
      assert.deepEqual(await page.locator('.decoded').allInnerTexts(), [
        'A hello whales!',
        `B ${TEXT}`,
      ]);
    }));

  test('one by one stands which one is chosen, by its button or by a piece', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await text(page).fill(TEXT);
      await dropAll(page, [['vocab.txt', VOCAB], ...OLDER]);
      await differing(page);
      assert.equal(await page.locator('#rows tr').count(), 6);
      assert.match(await page.locator('#rows tr').first().innerText(), /\[CLS\]/);
      await page.getByRole('radio', { name: 'B' }).check();
      assert.match(await page.locator('#rows tr').first().innerText(), /\the\t/);
      await page.locator('[data-which="0"]', { hasText: 'whale' }).click();
      assert.ok(await page.getByRole('radio', { name: 'A' }).isChecked());
      await page.locator('#rows tr.lit', { hasText: 'whale' }).waitFor();
      // Up and down between the lines.
      await page.keyboard.press('ArrowDown');
      await detail(page, 'Ġwhales');
      await page.keyboard.press('ArrowUp');
      await detail(page, 'whale');
    }));

  test('a second is chosen, dropped on its place, taken from the site, and removed', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const second = page.locator('#about-second');
      await page.getByLabel(/Choose a second/).setInputFiles(file('vocab.txt', VOCAB));
      await second.getByText('vocab.txt').waitFor();
      await page.locator('#about').getByText('the default model’s').waitFor();
      await dropAll(page, [['other.json', JSON.stringify(TOKENIZER)]], '#second h2');
      await second.getByText('other.json').waitFor();
      await page.getByRole('button', { name: 'Remove it' }).click();
      await page.locator('.gloss').waitFor({ state: 'detached' });
      await page.locator('#file-second:focus').waitFor();
      await choose(page, JSON.stringify(TOKENIZER));
      await kind(page, '4 tokens');
      await page.getByRole('button', { name: 'Take the default' }).click();
      await second.getByText('7,998 tokens').waitFor();
      await page.getByRole('button', { name: 'Back to the default' }).click();
      await kind(page, '7,998 tokens');
      assert.equal(await page.locator('.segment.differs').count(), 0);
    }));

  for (const [name, viewport] of Object.entries({
    'a phone': { width: 390, height: 844 },
    'a wide screen': { width: 1280, height: 800 },
  })) {
    test(`axe finds nothing on ${name}, and nothing overflows`, () =>
      onPage(
        'tokenizer',
        async (page) => {
          await started(page);
          await dropAll(page, [['vocab.txt', VOCAB], ...OLDER]);
          await page.getByRole('button', { name: 'Emoji' }).click();
          await differing(page);
          await usableByAll(page);
        },
        { ...PHONE, viewport },
      ));
  }
});

describe('the files of a tokenizer', () => {
  test('vocab.txt with its settings, among the other files of its folder', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const cased = ['tokenizer_config.json', '{"do_lower_case": false}'];
      const others = ['special_tokens_map.json', 'config.json', 'README.md'];
      await dropAll(page, [['vocab.txt', VOCAB], cased, ...others.map((name) => [name, '{}'])]);
      await kind(page, '8 tokens');
      await text(page).fill('Hello hello');
      await page.locator('.chip.unknown', { hasText: 'Hello' }).waitFor();
      // What is in tokenizer.json goes before what lies beside it.
      await dropAll(page, [['tokenizer.json', JSON.stringify(TOKENIZER)], ...OLDER, cased]);
      await kind(page, '4 tokens');
      assert.equal(await page.locator('.gloss').count(), 0);
    }));

  test('that lack something, or are too many, are told in plain words', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const [merges, vocab] = OLDER;
      await dropAll(page, [vocab]);
      await alert(page, 'vocab.json needs the merges.txt of the same model');
      await dropAll(page, [merges]);
      await alert(page, 'merges.txt needs the vocab.json of the same model');
      await dropAll(page, [['tokenizer_config.json', '{}']]);
      await alert(page, 'settings without a vocabulary');
      const three = ['a.json', 'b.json', 'c.json'].map((name) => [name, '{}']);
      await dropAll(page, three);
      await alert(page, 'At most two tokenizers stand side by side; these are 3: a.json, b.json');
      await dropAll(page, [
        ['vocab.txt', VOCAB],
        ['tokenizer_config.json', '{'],
      ]);
      await alert(page, 'tokenizer_config.json is no JSON');
      await dropAll(page, [['photo.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47)]]);
      await alert(page, 'photo.png can’t be used as a tokenizer');
      await page.evaluate(() => {
        globalThis.Blob.prototype.arrayBuffer = () =>
          Promise.reject(new globalThis.DOMException('no such file', 'NotFoundError'));
      });
      await dropAll(page, [['folder', '']]);
      await alert(page, 'the browser can’t read it: is it a folder');
      await kind(page, '7,998 tokens');
    }));

  const golden = (name) => {
    const path = at('tests', 'conformance', 'format-goldens', `${name}.json`);
    const { file, config, cases } = JSON.parse(readFileSync(path, 'utf8'));
    const { text, ids } = cases.find(({ text }) => text === 'the white whale');
    return { bytes: Buffer.from(file, 'base64'), config: JSON.stringify(config), text, ids };
  };
  /** Every row's id, once the first is there. */
  const shows = async (page, ids) => {
    const first = page.locator('#rows tr:first-child td:nth-child(2)');
    await first.filter({ hasText: new RegExp(`^${ids[0]}$`) }).waitFor();
    const cells = await page.locator('#rows td:nth-child(2)').allInnerTexts();
    assert.deepEqual(cells.map(Number), ids);
  };

  test('SentencePiece’s .model, by itself or beside a tokenizer.json', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const { bytes, text: words, ids } = golden('unigram');
      await text(page).fill(words);
      await dropAll(page, [['tokenizer.model', bytes]]);
      await page.locator('#about').getByText('tokenizer.model').waitFor();
      await shows(page, ids);
      const config = '{"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>"}';
      await dropAll(page, [
        ['spiece.model', bytes],
        ['tokenizer_config.json', config],
      ]);
      await page.locator('.chip.special', { hasText: '<s>' }).waitFor();
      await dropAll(page, [
        ['tokenizer.model', bytes],
        ['tokenizer.json', JSON.stringify(TOKENIZER)],
      ]);
      await kind(page, '4 tokens');
      assert.equal(await page.locator('.gloss').count(), 0);
    }));

  test('a .tiktoken file, with what it leaves open, or with what to do', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      const { bytes, config, text: words, ids } = golden('tiktoken');
      await text(page).fill(words);
      await dropAll(page, [
        ['own.tiktoken', bytes],
        ['tokenizer_config.json', config],
      ]);
      await page.locator('#about').getByText('own.tiktoken').waitFor();
      await shows(page, ids);
      await dropAll(page, [['own.tiktoken', bytes]]);
      await alert(page, 'pat_str');
    }));

  test('what compile() made', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await text(page).fill('whales');
      const tokenizer = await Tokenizer.from({ vocab: VOCAB });
      await dropAll(page, [['bert.bin', tokenizer.compile()]]);
      await page.locator('#about').getByText('bert.bin').waitFor();
      await shows(page, [2, 5, 6, 3]);
      const broken = tokenizer.compile();
      broken[broken.length - 1] ^= 1;
      await dropAll(page, [['broken.bin', broken]]);
      await alert(page, 'broken.bin can’t be used as a tokenizer');
    }));
});
