/**
 * The part of Jest's describe/test that tests/common uses, for a page. Files register their tests when they are
 * imported; `run` then runs them one after the other and reports each.
 */
import { format as pretty } from 'pretty-format';
import { enter } from './expect';

export { expect } from './expect';

type Work = (...args: unknown[]) => unknown;
type Hook = 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach';

export interface Result {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly milliseconds: number;
  readonly error?: string;
}

interface Case {
  readonly name: string;
  readonly work: Work;
  readonly skipped: boolean;
}
interface Suite {
  readonly name: string;
  readonly parent: Suite | undefined;
  readonly hooks: Record<Hook, Work[]>;
  readonly children: (Suite | Case)[];
}

/** Far above Jest's five seconds: a software-rendered GPU is slow, and a hang must only be told from slowness. */
const TIMEOUT_MS = 60_000;

const suite = (name: string, parent?: Suite): Suite => ({
  name,
  parent,
  hooks: { beforeAll: [], afterAll: [], beforeEach: [], afterEach: [] },
  children: [],
});
let current = suite('');

export function describe(name: string, fill: () => void): void {
  const inner = suite(name, current);
  current.children.push(inner);
  within(inner, fill);
}

function within(inner: Suite, fill: () => void): void {
  const outer = current;
  current = inner;
  try {
    fill();
  } finally {
    current = outer;
  }
}

const registering = (skipped: boolean) => {
  const register = (name: string, work: Work) => {
    current.children.push({ name, work, skipped });
  };
  /** As Jest: a table of arrays gives their elements as arguments, any other its entries. */
  const each = (table: readonly unknown[]) => (name: string, work: Work) => {
    for (const entry of table) {
      const row = table.every(Array.isArray) ? (entry as unknown[]) : [entry];
      register(titleOf(name, row), () => work(...row));
    }
  };
  return Object.assign(register, { each });
};
export const test = Object.assign(registering(false), { skip: registering(true) });

/** `%s` and its kin take the arguments in order, `$key` a property of the first. */
function titleOf(name: string, row: readonly unknown[]): string {
  const rest = [...row];
  return name
    .replace(/%[psidj]/g, (kind) => (kind === '%p' ? pretty(rest.shift()) : String(rest.shift())))
    .replace(/\$(\w+)/g, (_, key: string) => String((row[0] as Record<string, unknown>)[key]));
}

const hook = (kind: Hook) => (work: Work) => {
  current.hooks[kind].push(work);
};
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');

/** Runs one file's tests; `report` is told of each before and after. */
export async function run(
  file: string,
  load: () => Promise<unknown>,
  report: (event: { started: string } | Result) => void,
): Promise<void> {
  current = suite('');
  const whole = current;
  try {
    await load();
  } catch (error) {
    report({ name: file, state: 'failed', milliseconds: 0, error: textOf(error) });
    return;
  }
  await runSuite(whole, file, report);
}

async function runSuite(
  { hooks, children, name, parent }: Suite,
  file: string,
  report: (event: { started: string } | Result) => void,
): Promise<void> {
  const failed = (where: string) => (error: unknown) => {
    const title = `${file} › ${name} ${where}`;
    report({ name: title, state: 'failed', milliseconds: 0, error: textOf(error) });
    return true;
  };
  const broken = await all(hooks.beforeAll).then(() => false, failed('beforeAll'));
  for (const child of children) {
    if ('children' in child) await runSuite(child, file, report);
    else if (!broken) await runCase(child, { hooks, children, name, parent }, file, report);
  }
  await all(hooks.afterAll).catch(failed('afterAll'));
}

async function runCase(
  { name, work, skipped }: Case,
  around: Suite,
  file: string,
  report: (event: { started: string } | Result) => void,
): Promise<void> {
  const path = [...pathOf(around), name];
  const title = `${file} › ${path.join(' › ')}`;
  if (skipped) {
    report({ name: title, state: 'skipped', milliseconds: 0 });
    return;
  }
  report({ started: title });
  enter(file, path.join(' '));
  const start = performance.now();
  let error: { text: string } | undefined;
  const attempt = async (part: () => unknown) => {
    await limited(part).catch((reason: unknown) => (error ??= { text: textOf(reason) }));
  };
  await attempt(async () => {
    await all(hooksOf(around, 'beforeEach'));
    await work();
  });
  await attempt(() => all(hooksOf(around, 'afterEach').reverse()));
  report({
    name: title,
    state: error ? 'failed' : 'passed',
    milliseconds: performance.now() - start,
    ...(error ? { error: error.text } : {}),
  });
}

function pathOf(suite: Suite): string[] {
  return suite.parent ? [...pathOf(suite.parent), suite.name] : [];
}

function hooksOf(suite: Suite, kind: Hook): Work[] {
  return [...(suite.parent ? hooksOf(suite.parent, kind) : []), ...suite.hooks[kind]];
}

async function all(works: readonly Work[]): Promise<void> {
  for (const work of works) await limited(work);
}

async function limited(work: () => unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it took longer than ${TIMEOUT_MS / 1000} s`));
    }, TIMEOUT_MS);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : `threw ${pretty(error)}`;
}
