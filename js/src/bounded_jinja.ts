/**
 * Templates come with models from anywhere: they get a number of steps, a size of text and a depth, and reach nothing but
 * what they are given.
 */
import { escaped } from './describe.js';
import { InferError } from './error.js';
import { Environment, Interpreter, parse, tokenize } from './jinja.js';
import { strftime } from './strftime.js';

type Program = ReturnType<typeof parse>;
type Value = ReturnType<Interpreter['evaluate']>;
type Node = Parameters<Interpreter['evaluate']>[0];

/** Real templates have up to 30,000 characters. */
const MOST_TEMPLATE = 2 ** 18;
/** The reader takes the square of the length of each run of blanks. */
const MOST_BLANKS = 1000;
/** Of a template's text, and of any value in it. */
const MOST_TEXT = 2 ** 24;
/** So many times a text is written on its way out of nested blocks. */
const NESTED = 8;
/** About two seconds. A conversation of a thousand messages takes a thousandth of it. */
const MOST_WORK = 2 ** 30;
/** What one step costs beside what it moves; characters cost 1. */
const STEP = 256;
const ELEMENT = 64;
/** A round of a loop makes a scope, and a dozen values in it. */
const ROUND = 4096;
const MOST_RANGE = 100_000;
/** Far below where an engine's stack ends. */
const DEEPEST = 400;
const DEEPEST_VALUE = 200;
const LONGEST_REASON = 1000;

/** Names that a template has beside what it is given. */
export const RESERVED: readonly string[] = [
  'true',
  'false',
  'none',
  'True',
  'False',
  'None',
  'namespace',
  'range',
  'raise_exception',
  'strftime_now',
];

/**
 * The text that a template makes of `variables`, which hold plain data.
 *
 * @param name for messages
 * @throws InferError INVALID_INPUT for a template that can't be read, that fails, or that refuses what it was given;
 *   LIMIT_EXCEEDED for one that is too long, or does too much
 */
export function render(
  template: string,
  name: string,
  variables: Readonly<Record<string, unknown>>,
): string {
  const program = read(template, name);
  const interpreter = new BoundedInterpreter(name, globals(name));
  return guarded(name, 'fails', () => {
    for (const [key, value] of Object.entries(variables)) interpreter.globals.set(key, value);
    return textOf(interpreter.evaluate(program, interpreter.globals));
  });
}

/** The last one: a program uses one template again and again. */
let kept: { readonly template: string; readonly program: Program } | undefined;

function read(template: string, name: string): Program {
  if (kept?.template === template) return kept.program;
  if (template.length > MOST_TEMPLATE) {
    throw exceeded(name, `at most ${MOST_TEMPLATE} characters`, template.length);
  }
  if (new RegExp(`\\s{${MOST_BLANKS}}`).test(template)) {
    throw exceeded(name, `fewer than ${MOST_BLANKS} blanks in a row`, 'more');
  }
  const program = guarded(name, "can't be read", () =>
    parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true })),
  );
  kept = { template, program };
  return program;
}

function globals(name: string): Environment {
  const environment = new Environment();
  const set = (key: string, value: unknown) => environment.set(key, value);
  for (const key of ['true', 'True']) set(key, true);
  for (const key of ['false', 'False']) set(key, false);
  for (const key of ['none', 'None']) set(key, null);
  set('raise_exception', (reason: unknown) => {
    throw new InferError({
      code: 'INVALID_INPUT',
      message: `the chat template ${name} refuses: ${shown(String(reason))}`,
    });
  });
  set('range', (...args: number[]) => range(name, args));
  set('strftime_now', (format: unknown) => strftime(new Date(), String(format)));
  return environment;
}

function range(name: string, args: readonly number[]): number[] {
  const [start, stop, step] = args.length === 1 ? [0, ...args, 1] : [...args, 1];
  if (start === undefined || stop === undefined || !step || !args.every(Number.isInteger)) {
    throw new Error(`range() takes whole numbers, and no step of 0; received ${args.join(', ')}`);
  }
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MOST_RANGE) {
    throw exceeded(name, `a range of at most ${MOST_RANGE} numbers`, length);
  }
  return Array.from({ length }, (_, i) => start + i * step);
}

/** Turns what the interpreter throws into an InferError. */
function guarded<T>(name: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InferError) throw error;
    const { name: kind, message: said = String(error) } = (error ?? {}) as Partial<Error>;
    const reason = shown(said);
    // What engines throw for a stack, a string or an array that got too large. By name: realms have each their own.
    if (kind === 'RangeError') throw exceeded(name, 'less memory', reason);
    const message = `the chat template ${name} ${what}: ${reason}`;
    throw new InferError({ code: 'INVALID_INPUT', message }, { cause: error });
  }
}

function shown(reason: string): string {
  return escaped(reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason);
}

function exceeded(name: string, expected: string, received: string | number): InferError {
  return new InferError({
    code: 'LIMIT_EXCEEDED',
    message: `expected ${expected} for the chat template ${name}, received ${received}`,
    hint: 'a template that needs more is broken, or means harm',
  });
}

/** What the interpreter does inside. Its declarations hide one method; the version is exact. */
interface Machine {
  evaluate(node: Node, scope: Environment): Value;
  evaluateBlock(statements: readonly Node[], scope: Environment): Value;
}
const Base = Interpreter as unknown as new (globals: Environment) => Machine;

/** The package shows its classes in its values alone. */
const TextValue = new Environment().set('text', '').constructor as new (text: string) => Value;
const textOf = ({ value }: Value): string => (typeof value === 'string' ? value : '');

class BoundedInterpreter extends Base {
  #work = 0;
  #depth = 0;
  /** By all blocks, those inside of others counted again. */
  #written = 0;
  /** `a in b`, under way: to look for one text in another may take the product of their lengths. */
  readonly #searches: Search[] = [];
  /** What loops go through, as it stands in the template. */
  readonly #loops = new Set<Node>();
  /** What values hold, of those that can't change any more. */
  readonly #sizes = new WeakMap<Value, number>();

  constructor(
    private readonly name: string,
    readonly globals: Environment,
  ) {
    super(globals);
  }

  /** Each step of a template is one call, and whatever it makes is what a call answers. */
  override evaluate(node: Node, scope: Environment): Value {
    this.#spend(STEP);
    if (++this.#depth > DEEPEST) throw exceeded(this.name, `at most ${DEEPEST} levels`, 'more');
    const searches = this.#searches.length;
    const search = searchOf(node);
    if (search) this.#searches.push(search);
    try {
      if (node?.type === 'For') this.#loops.add(iterableOf(node));
      const value = super.evaluate(node, scope);
      this.#weigh(value);
      if (this.#loops.has(node)) this.#spend((childrenOf(value)?.length ?? 0) * ROUND);
      this.#spendOnSearch(this.#searches[searches - 1], node, textOf(value).length);
      return value;
    } finally {
      this.#searches.length = searches;
      --this.#depth;
    }
  }

  /** Its left side is known before its right side, and both before it is done. */
  #spendOnSearch(search: Search | undefined, node: Node, length: number): void {
    if (!search) return;
    if (search.left === node) search.length = length;
    if (search.right === node) this.#spend(search.length * length);
  }

  /** As the interpreter does it; but a text that grows is weighed while it grows. */
  override evaluateBlock(statements: readonly Node[], scope: Environment): Value {
    let text = '';
    for (const statement of statements) {
      const value = this.evaluate(statement, scope);
      if (value.type === 'NullValue' || value.type === 'UndefinedValue') continue;
      const part = value.toString();
      this.#spend(part.length);
      this.#written += part.length;
      text += part;
      this.#expectSize(Math.max(text.length, this.#written / NESTED));
    }
    return new TextValue(text);
  }

  #spend(work: number): void {
    this.#work += work;
    if (this.#work > MOST_WORK) throw exceeded(this.name, 'an end', 'none after 2³⁰ steps');
  }

  #expectSize(size: number): void {
    if (size > MOST_TEXT) {
      throw exceeded(this.name, `texts and lists of at most ${MOST_TEXT} characters`, 'more');
    }
  }

  #weigh(value: Value): void {
    if (value.type === 'StringValue') {
      const { length } = textOf(value);
      this.#spend(length);
      this.#expectSize(length);
    } else {
      const children = childrenOf(value);
      if (!children) return;
      this.#spend(children.length * ELEMENT);
      this.#sizeOf(value, 0);
    }
  }

  /**
   * How long a value becomes as a text: a list of a list twice, of that twice, … is short to write and endless to print.
   * A namespace may change later, and with it all that it is in.
   */
  #sizeOf(value: Value, depth: number): { size: number; changes: boolean } {
    const known = this.#sizes.get(value);
    if (known !== undefined) return { size: known, changes: false };
    this.#spend(ELEMENT);
    if (depth > DEEPEST_VALUE) {
      throw exceeded(this.name, `values of at most ${DEEPEST_VALUE} levels`, 'more');
    }
    const children = childrenOf(value);
    if (!children) {
      const size = value.type === 'StringValue' ? textOf(value).length + 2 : 8;
      return { size, changes: false };
    }
    let size = 2;
    let changes = value.type === 'NamespaceValue';
    for (const [key, child] of children) {
      const part = this.#sizeOf(child, depth + 1);
      size += key.length + 2 + part.size;
      changes ||= part.changes;
      this.#expectSize(size);
    }
    if (!changes) this.#sizes.set(value, size);
    return { size, changes };
  }
}

interface Search {
  readonly left: Node;
  readonly right: Node;
  /** Of the left side. */
  length: number;
}

function searchOf(node: Node): Search | undefined {
  if (node?.type !== 'BinaryExpression') return undefined;
  const { operator, left, right } = node as Node & {
    operator: { value: string };
    left: Node;
    right: Node;
  };
  return ['in', 'not in'].includes(operator.value) ? { left, right, length: 0 } : undefined;
}

/** `a for b in c`, or `a for b in c if d`. */
function iterableOf(loop: Node): Node {
  const { iterable } = loop as Node & {
    iterable: { type: string; lhs?: Node } & NonNullable<Node>;
  };
  return iterable.type === 'SelectExpression' ? iterable.lhs : iterable;
}

/** undefined for what holds no other values. */
function childrenOf(value: Value): (readonly [key: string, value: Value])[] | undefined {
  const held: unknown = value.value;
  if (Array.isArray(held)) return held.map((each) => ['', each as Value]);
  return held instanceof Map ? [...(held as Map<string, Value>)] : undefined;
}
