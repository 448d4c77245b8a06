/**
 * Runs the programs of one group on one library, in a process of its own: two copies of ONNX Runtime must not share one.
 * Forked by answers.mjs; each answer is a message.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { programsOf } from './groups.mjs';
import { answerOf } from './plain.mjs';

/** `library`: { import, require }, addresses of the two forms. */
const { library, group, place, from, models } = JSON.parse(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'drop-in-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const bytes = (name) => new Uint8Array(readFileSync(join(models, name)));
const files = {
  path: (name) => join(models, name),
  bytes,
  model: bytes,
  fresh: (name) => join(mkdtempSync(join(folder, 'new-')), name),
  startingWith: (prefix) =>
    readdirSync(dirname(prefix))
      .filter((name) => name.startsWith(basename(prefix)))
      .map((name) => join(dirname(prefix), name)),
  text: (path) => readFileSync(path, 'utf8'),
  required: () => createRequire(import.meta.url)(library.require),
};

const ort = await import(pathToFileURL(library.import).href);
const programs = programsOf(group, place);
for (let i = from; i < programs.length; i += 1) {
  const [name, program] = programs[i];
  process.send({ begins: i, name });
  process.send({ name, answer: await answerOf(program, ort, files) });
}
process.send({ ended: true }, () => process.disconnect());
