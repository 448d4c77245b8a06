/** What calls the runtime below the library gets, from its own module: for tests that count them or answer instead. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

type Call = (...args: unknown[]) => unknown;
/** A session of the runtime. */
export type Loaded = Record<string, Call>;
type Maker = Record<string, (...args: unknown[]) => Promise<Loaded | { value: Loaded }>>;

async function maker(): Promise<{ owner: Maker; make: string }> {
  if (TARGET === 'wasm') {
    const { InferenceSession } = await import('onnxruntime-web');
    return { owner: InferenceSession as unknown as Maker, make: 'create' };
  }
  const addon = resolve('npm', `${process.platform}-${process.arch}`, 'infercore.node');
  const owner = createRequire(resolve('package.json'))(addon) as Maker;
  return { owner, make: 'createSession' };
}

/** Name of the call that frees a session. */
export const FREE = TARGET === 'wasm' ? 'release' : 'dispose';

/** Shows each session that is made from now on to `onMade`, until the function that comes back is called. */
export async function watchSessions(onMade: (loaded: Loaded) => void): Promise<() => void> {
  const { owner, make } = await maker();
  const original = owner[make];
  if (!original) throw new Error(`no ${make}`);
  owner[make] = async (...args) => {
    const answer = await original.apply(owner, args);
    onMade(('value' in answer ? answer.value : answer) as Loaded);
    return answer;
  };
  return () => (owner[make] = original);
}

/** Puts `call` in the place of the one of that name, which it gets. */
export function replace(loaded: Loaded, name: string, call: (original: Call) => Call): void {
  const original = loaded[name]?.bind(loaded);
  if (!original) throw new Error(`no ${name}`);
  // By definition, not by assignment: the addon's own method is read-only.
  Object.defineProperty(loaded, name, { value: call(original) });
}

/** A feed as the runtime gets it. */
export interface Fed {
  readonly dims: readonly number[];
  readonly data: ArrayLike<unknown>;
}

/** The first argument of `run`, by name: the addon gets rows. */
export function fedTo(argument: unknown): Record<string, Fed> {
  if (TARGET === 'wasm') return argument as Record<string, Fed>;
  const rows = argument as readonly [name: string, type: string, data: Fed['data'], Fed['dims']][];
  return Object.fromEntries(rows.map(([name, , data, dims]) => [name, { data, dims }]));
}

/** Outputs in the order of the fetches, as `run` answers. */
export function answerOf(outputs: Record<string, unknown>): unknown {
  return TARGET === 'wasm' ? outputs : { value: Object.values(outputs) };
}
