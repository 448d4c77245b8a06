/** The acts of the repository, from outside: what they say, and that the first one a newcomer runs works. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { at, run } from '../../scripts/lib/act.mjs';

const act = (name, args, env = {}) =>
  run(process.execPath, [at('scripts', `${name}.mjs`), ...args], {
    capture: true,
    allowFailure: true,
    env,
  });
const { scripts } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const acts = Object.values(scripts).flatMap(
  (line) => /^node scripts\/(\w+)\.mjs$/.exec(line)?.[1] ?? [],
);

describe('every act', () => {
  for (const name of acts) {
    test(`${name} has --help, and refuses what it does not know`, async () => {
      const help = await act(name, ['--help']);
      assert.equal(help.code, 0);
      assert.match(help.output, new RegExp(`^npm run ${name}`));
      assert.equal((await act(name, ['--hlep'])).code, 2);
    });
  }

  test('that CONTRIBUTING.md says so of takes --only', async () => {
    const [, list] = /^Each act.*?; (.*) take `-- --only/m.exec(
      readFileSync(at('CONTRIBUTING.md'), 'utf8'),
    );
    const named = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    for (const name of acts) {
      const { output } = await act(name, ['--help']);
      assert.equal(output.includes('--only'), named.includes(name), name);
    }
  });
});

test('npm run quickstart searches a novel', { timeout: 300_000 }, async () => {
  const { code, output } = await act('quickstart', [], { PARTS: '3' });
  assert.equal(code, 0, output);
  assert.match(output, /sentences of Moby-Dick’s first 3 parts/);
  assert.match(output, /“The food was delicious\.”\n {2}0\.\d{3} {2}\S/);
  assert.match(output, /Next: node examples\/semantic-search\.mjs/);
});
