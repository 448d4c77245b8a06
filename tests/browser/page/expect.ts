/** `expect` with Jest's matchers: Jest's own does not bundle for a page, @vitest/expect does. */
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend, chai } from '@vitest/expect';
import { format as pretty } from 'pretty-format';
import { readFileSync } from './node';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect = chai.expect;

/** Which test runs, and how many snapshots of each name it has compared. */
let running = { file: '', test: '', counts: new Map<string, number>() };

export function enter(file: string, test: string): void {
  running = { file, test, counts: new Map() };
}

const files = new Map<string, Record<string, string>>();

/** A file of snapshots is a program that fills `exports`: this repository's own, written by Jest. */
function snapshotsOf(file: string): Record<string, string> {
  const known = files.get(file);
  if (known) return known;
  const text = readFileSync(`tests/common/__snapshots__/${file}.snap`, 'utf8');
  const read: Record<string, string> = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  (new Function('exports', text) as (exports: Record<string, string>) => void)(read);
  files.set(file, read);
  return read;
}

chai.use((_, utils) => {
  utils.addMethod(
    chai.Assertion.prototype,
    'toMatchSnapshot',
    function (this: { _obj: unknown }, hint?: string) {
      const name = hint === undefined ? running.test : `${running.test}: ${hint}`;
      const count = (running.counts.get(name) ?? 0) + 1;
      running.counts.set(name, count);
      const expected = snapshotsOf(running.file)[`${name} ${count}`]?.trim();
      const found = pretty(this._obj, { escapeString: false, printBasicPrototype: false });
      if (found === expected) return;
      throw new Error(
        `expected snapshot «${name} ${count}»\n${String(expected)}\nreceived\n${found}`,
      );
    },
  );
});
