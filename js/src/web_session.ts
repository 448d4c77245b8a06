import type { InferenceSession as Ort } from 'onnxruntime-common';
import type { Abort } from './abort.js';
import type { CoreBinding, TensorData, ValueSignature } from './binding.js';
import { embedInBatches } from './embed.js';
import type { EmbedRequest } from './embed.js';
import { InferError } from './error.js';
import type { Queue } from './queue.js';
import type { SessionReport } from './report.js';
import type { RunSettings } from './run_options.js';
import type { RuntimeSession } from './runtime.js';
import { DEFAULT_LOG_LEVEL } from './session_options.js';
import { toTensor } from './tensor.js';
import { runtimeError } from './web_error.js';

/** How onnxruntime-web shows a free dimension without a name: −1 as 32 bits without a sign. */
const UNNAMED = 4294967295;

function signatureOf(metadata: Ort.ValueMetadata): ValueSignature {
  const { name } = metadata;
  // Which kind it is instead, onnxruntime-web does not say.
  if (!metadata.isTensor) return { name, type: 'non-tensor' as ValueSignature['type'], dims: [] };
  const dims = metadata.shape.map((dim) => (dim === UNNAMED || dim === -1 ? '' : dim));
  return { name, type: metadata.type, dims };
}

/** onnxruntime-web hands texts over as C does, which ends them at the first U+0000. */
function rejectNul(feeds: Readonly<Record<string, TensorData>>): void {
  for (const [name, { data }] of Object.entries(feeds)) {
    if (!Array.isArray(data) || !data.some((text) => text.includes('\0'))) continue;
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: `expected texts without U+0000 for input ${JSON.stringify(name)}: onnxruntime-web would cut them there`,
    });
  }
}

export class WebSession implements RuntimeSession {
  readonly validates = false;
  readonly inputs: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];

  constructor(
    private readonly core: CoreBinding,
    private readonly queue: Queue,
    private readonly session: Ort,
    readonly report: Pick<SessionReport, 'runtime' | 'providers' | 'threads' | 'phases'>,
  ) {
    this.inputs = session.inputMetadata.map(signatureOf);
    this.outputs = session.outputMetadata.map(signatureOf);
  }

  /** An abort ends the waiting at once; a run under way goes on unheard, because WebAssembly can't be interrupted. */
  async run(
    feeds: Readonly<Record<string, TensorData>>,
    fetches: readonly string[],
    settings: RunSettings,
    abort: Abort,
  ): Promise<Record<string, TensorData>> {
    rejectNul(feeds);
    // Copied at once, as the addon does: the caller may change its arrays while the run waits.
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { type, data, dims }]) => [
        name,
        toTensor({ type, data: data.slice(), dims }),
      ]),
    );
    const outputs = await this.queue.add(() => this.runNow(tensors, fetches, settings), abort);
    // A run on the page's own thread lets no timer fire before it ends.
    abort.check();
    return outputs;
  }

  runSync(): never {
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: "runSync is not available in WebAssembly: onnxruntime-web's runs are asynchronous",
      hint: 'await session.run(feeds)',
    });
  }

  embed(request: EmbedRequest, abort: Abort) {
    const settings: RunSettings = {
      logSeverityLevel: DEFAULT_LOG_LEVEL,
      tag: '',
      configEntries: {},
      signal: undefined,
      timeoutMs: undefined,
      terminate: false,
    };
    const names = new Set(this.inputs.map(({ name }) => name));
    return embedInBatches(this.core, request, async (feeds) => {
      const wanted = Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name)));
      const outputs = await this.run(wanted, [request.output], settings, abort);
      const output = outputs[request.output];
      if (!output) throw new Error('the runtime left out an output');
      return output;
    });
  }

  async dispose(): Promise<void> {
    await this.queue.add(() => this.session.release());
  }

  private async runNow(
    tensors: Ort.FeedsType,
    fetches: readonly string[],
    settings: RunSettings,
  ): Promise<Record<string, TensorData>> {
    const options: Ort.RunOptions = {
      logSeverityLevel: settings.logSeverityLevel,
      ...(settings.tag === '' ? {} : { tag: settings.tag }),
      extra: settings.configEntries,
    };
    try {
      return await this.session.run(tensors, fetches, options);
    } catch (error) {
      throw runtimeError('run the model', error);
    }
  }
}
