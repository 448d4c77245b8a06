/** The tokenizer playground by real clicks. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { demoSite, drop, file } from './demo_site.mjs';

const onPage = demoSite();

describe('tokenizer playground', () => {
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
    page.getByLabel(/Choose a tokenizer.json/).setInputFiles(file('tokenizer.json', content));
  const kind = (page, name) => page.locator('#about dd', { hasText: name }).waitFor();

  test('shows pieces, ids and places; takes a tokenizer of the user’s own', () =>
    onPage('tokenizer', async (page) => {
      await started(page);
      await text(page).fill('Hello 🐳 whale');
      await choose(page, JSON.stringify(TOKENIZER));
      await kind(page, '4 tokens');
      const rows = await page.locator('#rows tr').allInnerTexts();
      assert.deepEqual(
        rows.map((row) => row.trim().split(/\s+/)),
        [
          ['0', '1', '▁Hello', 'Hello', '0–5', '5'],
          ['1', '3', '▁', '·', '5–6', '1'],
          ['2', '0', '🐳', '🐳', '6–8', '4', 'unknown'],
          ['3', '2', '▁whale', '·whale', '8–14', '6'],
        ],
      );
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
      assert.deepEqual(rows[1].trim().split(/\s+/), ['1', '1', '<0xF0>', '🐳', '0–2', '1', 'part']);
      assert.deepEqual(rows[6].trim().split(/\s+/), ['6', '7', 'i', 'ﬁ', '2–3', 'part']);
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
