/** What the acts share: versions of tools, and the rules that walk through the repository. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, run } from '../../scripts/lib/act.mjs';
import { isRecent } from '../../scripts/lib/tools.mjs';

describe('the version of a tool', () => {
  const cases = [
    ['g++ (Debian 12.2.0-14) 12.2.0', [11, 0], true],
    ['g++ (Ubuntu 9.4.0-1ubuntu1~20.04.2) 9.4.0', [11, 0], false],
    ['g++ (GCC) 14.2.1 20240910', [11, 0], true],
    ['cmake version 3.25.1', [3, 21], true],
    ['cmake version 3.16.3', [3, 21], false],
    ['cmake version 4.0.0', [3, 21], true],
    ['words alone', [3, 21], true],
  ];
  for (const [line, least, recent] of cases) {
    test(`${line}: ${recent ? 'recent' : 'too old'} for ${least.join('.')}`, () => {
      assert.equal(isRecent(line, least), recent);
    });
  }
});

test('the rules about files need no git', async () => {
  const rules = ['checkDocuments', 'checkLockFiles'];
  const script = `
    import { checkDocuments } from './scripts/rules/documents.mjs';
    import { checkLockFiles } from './scripts/rules/lock_files.mjs';
    console.log(JSON.stringify([checkDocuments(), checkLockFiles()]));`;
  const { output } = await run(process.execPath, ['--input-type=module', '-e', script], {
    capture: true,
    env: { PATH: at('nowhere') },
  });
  assert.deepEqual(
    JSON.parse(output),
    rules.map(() => []),
  );
});
