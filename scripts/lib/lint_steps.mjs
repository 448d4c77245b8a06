/** What `npm run lint` checks; each check counts as one test of the suite «lint». */
import { readdirSync } from 'node:fs';
import { at, run } from './act.mjs';
import { build } from './build_steps.mjs';
import { ensure } from './needs.mjs';
import { Stamps } from './stamps.mjs';
import { checkDocuments } from '../rules/documents.mjs';
import { checkExports } from '../rules/exports.mjs';
import { checkLayers } from '../rules/layers.mjs';
import { checkLockFiles } from '../rules/lock_files.mjs';

const bin = (name) => at('node_modules', '.bin', name);

function sources(folders, pattern) {
  return folders.flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`)
      // What the examples install brings headers, too.
      .filter((path) => !path.includes('/node_modules/')),
  );
}
const cppFiles = () => sources(['core', 'native', 'wasm', 'tests'], /\.(cc|h)$/);

const CHECKS = {
  'core, native, wasm and js keep to their rooms': async () => checkLayers(),
  'documents name what is there': async () => checkDocuments(),
  'no address of a registry in a lock file': async () => checkLockFiles(),
  'addon, WebAssembly module and CoreBinding agree': async () => {
    await build(['native', 'wasm-simd', 'js']);
    return checkExports();
  },
  'tsc: types': async () => [
    ...(await tool(bin('tsc'), ['--noEmit'])),
    ...(await tool(bin('tsc'), ['--noEmit', '-p', 'demo'])),
  ],
  eslint: (fix) =>
    tool(bin('eslint'), [
      '.',
      '--cache',
      '--cache-location=build/lint/eslint',
      ...(fix ? ['--fix'] : []),
    ]),
  prettier: (fix) =>
    tool(bin('prettier'), [
      fix ? '--write' : '--check',
      '--log-level=warn',
      '--cache',
      '--cache-location=build/lint/prettier',
      '.',
    ]),
  'clang-format': (fix) =>
    tool('clang-format', [...(fix ? ['-i'] : ['--dry-run', '-Werror']), ...cppFiles()]),
  'clang-tidy': () => clangTidy(),
};

async function tool(command, args) {
  const { code, output } = await run(command, args, { capture: true, allowFailure: true });
  return code === 0 ? [] : [output.trim()];
}

/** The build's flags are g++'s; clang need not know all of them. */
const FOR_CLANG = ['--extra-arg=-Wno-unknown-warning-option'];

/**
 * Over the files that the addon's build compiles, as it compiles them, two at a time. A file that passed is not looked
 * at again until it, a header or the configuration changes.
 */
async function clangTidy() {
  await build(['native']);
  const stamps = new Stamps('clang-tidy', [
    at('.clang-tidy'),
    ...sources(['core', 'native'], /\.h$/),
  ]);
  const files = sources(['core/src', 'native/src'], /\.cc$/).filter((file) => !stamps.has(file));
  const faults = [];
  const next = async () => {
    for (let file = files.pop(); file; file = files.pop()) {
      const { code, output } = await run(
        'clang-tidy',
        ['-p', at('build', 'native'), '--quiet', ...FOR_CLANG, file],
        { capture: true, allowFailure: true },
      );
      if (code === 0) stamps.add(file);
      else faults.push(output.trim());
    }
  };
  await Promise.all([next(), next()]);
  return faults;
}

/** @returns {Promise<import('./suite.mjs').Counts>} */
export async function lint({ fix }) {
  await ensure(['packages', 'lint']);
  const counts = { passed: 0, failed: 0 };
  for (const [name, check] of Object.entries(CHECKS)) {
    const faults = await check(fix);
    console.log(`  ${faults.length === 0 ? 'ok' : 'FAILED'}  ${name}`);
    for (const fault of faults) console.log(fault.replace(/^/gm, '      '));
    counts[faults.length === 0 ? 'passed' : 'failed'] += 1;
  }
  return counts;
}
