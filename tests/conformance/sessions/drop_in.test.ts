/** The same programs on onnxruntime-node and on the addon; on onnxruntime-web and on the WebAssembly build, in Node. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { answersOf } from './answers.mjs';
import { GROUPS, programsOf } from './groups.mjs';
import { judge } from './judge.mjs';

const [place, peer] =
  TARGET === 'native'
    ? (['node', 'onnxruntime-node'] as const)
    : (['web', 'onnxruntime-web'] as const);

describe(`a program for ${peer}`, () => {
  let verdicts: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    const both = [answersOf(peer, place), answersOf(TARGET, place)] as const;
    verdicts = judge(place, ...(await Promise.all(both)));
  }, 300_000);

  for (const group of GROUPS) {
    for (const [program] of programsOf(group, place)) {
      const name = `${group} › ${program}`;
      test(`${name} gives the same here`, () => {
        expect(verdicts.get(name)).toEqual([]);
      });
    }
  }

  test('and no other difference is listed', () => {
    const [...names] = verdicts.keys();
    const programs = GROUPS.flatMap((group) =>
      programsOf(group, place).map(([program]) => `${group} › ${program}`),
    );
    expect(names.filter((name) => !programs.includes(name))).toEqual([]);
  });
});

/** Declarations of each library. */
const TYPES: Readonly<Record<string, string>> =
  TARGET === 'native'
    ? {
        'onnxruntime-node': 'build/peers/onnxruntime-node/dist/index.d.ts',
        infercore: 'dist/esm/node.d.ts',
      }
    : { 'onnxruntime-web': '', infercore: 'dist/esm/browser.d.ts' };

test.each(Object.entries(TYPES))(
  'a program compiles with the types of %s',
  (library, declarations) => {
    mkdirSync('build', { recursive: true });
    const folder = mkdtempSync(join('build', 'types-'));
    try {
      const source = readFileSync('tests/conformance/sessions/types.ts', 'utf8');
      writeFileSync(join(folder, 'types.ts'), source.replaceAll("'infercore'", `'${library}'`));
      const paths = declarations === '' ? {} : { [library]: [resolve(declarations)] };
      const config = {
        extends: resolve('tsconfig.json'),
        compilerOptions: { paths, types: [] },
        include: ['types.ts'],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
      const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], {
        encoding: 'utf8',
      });
      expect(stdout).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);

test('the default export is there for CommonJS, too', () => {
  const entry = resolve('dist', 'cjs', TARGET === 'native' ? 'node.js' : 'browser.js');
  const program = `const all = require(${JSON.stringify(entry)});
    Object.entries(all.default).map(([name, each]) => name + ' ' + (each === all[name])).join()`;
  const { stdout } = spawnSync(process.execPath, ['-p', program], { encoding: 'utf8' });
  expect(stdout).toBe('InferenceSession true,Tensor true,env true,listSupportedBackends true\n');
});
