import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as infercore from 'infercore';
import * as bench from 'infercore/bench';
import { AutoTokenizer } from 'infercore/compat';
import { failure } from './failure';
import { defaultModel, testModel } from './model_paths';

const SOURCES = ['js/src', 'js/src/bench'];
/** Modules whose examples show what only the library itself can call. */
const INTERNAL = ['abort.ts', 'run_queue.ts', 'sentences.ts'];

/** Only Node finds the default model by itself. */
const MODEL = PLACE.kind === 'page' ? defaultModel : undefined;
const WITH_MODEL = MODEL
  ? `pipeline('feature-extraction', '${MODEL}')`
  : "pipeline('feature-extraction')";

/** What an example says that WebAssembly can't run. */
const NATIVE_ONLY = '// native only';

async function failsAs(code: string, work: Promise<void>): Promise<void> {
  expect((await failure(work)).code).toBe(code);
}

interface Example {
  readonly where: string;
  readonly code: string;
}

/** The code below each `@example` of the public modules. */
function examples(): Example[] {
  return SOURCES.flatMap((folder) => readdirSync(folder).map((file) => ({ folder, file })))
    .filter(({ file }) => file.endsWith('.ts') && !INTERNAL.includes(file))
    .flatMap(({ folder, file }) =>
      readFileSync(`${folder}/${file}`, 'utf8')
        .split('@example\n')
        .slice(1)
        .map((rest, i) => ({ where: `${file} #${i + 1}`, code: codeOf(rest) })),
    );
}

/** Up to the end of the comment or its next tag, without the stars. */
function codeOf(rest: string): string {
  return (rest.split(/\n\s*\*\/|\n\s*\* @/)[0] ?? '').replace(/^ *\* ?/gm, '');
}

/** The examples are this repository's own: running their text is the point. */
function compile(names: readonly string[], body: string): (...values: unknown[]) => unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return new Function(...names, body) as (...values: unknown[]) => unknown;
}

/** `expression; // value` becomes a check, where the comment is a value. */
function withChecks(code: string): string {
  return code.replace(
    /^(\S.*); \/\/ (['"[{\d].*)$/gm,
    (line, expression: string, comment: string) => {
      try {
        compile([], `return (${comment});`)();
      } catch {
        return line;
      }
      return /^(const|let|await|for)\b/.test(expression)
        ? line
        : `expect(${expression}).toEqual(${comment});`;
    },
  );
}

describe('the examples of the documentation', () => {
  const scope: Record<string, unknown> = { ...infercore, ...bench, AutoTokenizer, expect };
  delete scope['default']; // no name of a variable
  beforeAll(async () => {
    const tokenizer = await infercore.Tokenizer.from(`${defaultModel}/tokenizer.json`);
    const embed = await infercore.pipeline('feature-extraction', MODEL);
    const { input_ids, attention_mask } = tokenizer.encodeBatch(['one', 'two words']).tensors();
    Object.assign(scope, {
      tokenizer,
      embed,
      session: await infercore.InferenceSession.create(`${defaultModel}/onnx/model.onnx`),
      input_ids,
      attention_mask,
      feeds: { input_ids },
      mine: Float64Array.from({ length: 50 }, (_, i) => 1 + i / 1000),
      theirs: Float64Array.from({ length: 50 }, (_, i) => 2 + i / 1000),
    });
  });
  afterAll(async () => {
    (scope['tokenizer'] as infercore.Tokenizer).dispose();
    await (scope['embed'] as infercore.FeatureExtraction).dispose();
  });

  test.each(examples())('run: $where', async ({ code }) => {
    const body = withChecks(code)
      .replaceAll("pipeline('feature-extraction')", WITH_MODEL)
      // No matter how slow the machine is.
      .replaceAll('timeoutMs: 500', 'timeoutMs: 60_000')
      .replaceAll('model.onnx', testModel('identity-float32.onnx'))
      .replaceAll("from_pretrained('model')", `from_pretrained('${defaultModel}')`)
      .replaceAll('model/tokenizer.json', `${defaultModel}/tokenizer.json`);
    const run = compile(Object.keys(scope), `return (async () => { ${body}\n})();`);
    const work = run(...Object.values(scope)) as Promise<void>;
    if (TARGET === 'wasm' && code.includes(NATIVE_ONLY)) await failsAs('NOT_SUPPORTED', work);
    else await work;
  });

  test('run: the service of docs/service.md', async () => {
    const [, section = ''] = readFileSync('docs/service.md', 'utf8').split('## A service\n');
    const code = /```js\n(.*?)```/s.exec(section)?.[1] ?? '';
    expect(code).toContain('createService');
    const body = withChecks(code).replaceAll('model.onnx', testModel('identity-float32.onnx'));
    await compile(
      Object.keys(scope),
      `return (async () => { ${body}\n})();`,
    )(...Object.values(scope));
  });

  test('are there, and some of them state a result', () => {
    const list = examples();
    expect(list.length).toBeGreaterThan(8);
    expect(list.some(({ code }) => withChecks(code).includes('toEqual'))).toBe(true);
  });
});
