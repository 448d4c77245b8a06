#!/usr/bin/env node
/**
 * Writes the names of ONNX Runtime's configuration entries: js/src/config_keys.ts.
 *
 *   npm run build -- --only native
 *   node scripts/config-keys.mjs [--check]
 *
 * They come from the headers and, where it is there, from the library itself, which may be newer than the headers.
 * --check compares only: it fails when the file is not what would be written.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const HEADERS = 'build/include/onnxruntime';
const LIBRARY = path(`npm/${process.platform}-${process.arch}/libonnxruntime.so.1`);
const TARGET = path('js/src/config_keys.ts');

/** Of each constant its text, which may stand on the next line. */
function keysOfHeader(name) {
  const header = readFileSync(path(`${HEADERS}/${name}`), 'utf8');
  const constants = header.matchAll(
    /^static const char\* const k(?!OrtEpDynamic)\w+\s*=\s*"([^"]+)";/gm,
  );
  return [...constants].map(([, key]) => key);
}

/** Texts of the library that look like a session's entry, from one NUL to the next. */
function keysOfLibrary() {
  if (!existsSync(LIBRARY)) return [];
  const texts = readFileSync(LIBRARY).toString('latin1');
  const found = texts.matchAll(/(?<=\0)(?:session|optimization|mlas)\.[a-z0-9_.]+(?=\0)/g);
  return [...found].map(([key]) => key);
}

function list(name, comment, keys) {
  const lines = [...new Set(keys)].sort().map((key) => `  '${key}',`);
  return `\n/** ${comment} */\nexport const ${name}: readonly string[] = [\n${lines.join('\n')}\n];\n`;
}

const session = keysOfHeader('onnxruntime_session_options_config_keys.h');
const run = keysOfHeader('onnxruntime_run_options_config_keys.h');
if (session.length < 50 || run.length < 5) throw new Error('the headers are not as they were');
const written =
  "/** The names of ONNX Runtime's configuration entries. Written by scripts/config-keys.mjs. */\n" +
  list('SESSION_CONFIG_KEYS', 'Of sessions.', [...session, ...keysOfLibrary()]) +
  list('RUN_CONFIG_KEYS', 'Of runs.', run);

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') === written) console.log('js/src/config_keys.ts is up to date');
  else {
    console.error(
      'js/src/config_keys.ts is not what the headers say: node scripts/config-keys.mjs',
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, written);
  console.log(`${session.length} entries of sessions, ${run.length} of runs`);
}
