import type { InferenceSession as Ort } from 'onnxruntime-common';
import type { Abort } from './abort.js';
import type { CoreBinding } from './binding.js';
import { describe } from './describe.js';
import { InferError } from './error.js';
import type { ExternalFile } from './external_data.js';
import type { LoadedModel } from './model_source.js';
import { expectOutputs, warnRefused } from './output_location.js';
import { warnSkipped } from './providers.js';
import type { WarningList } from './report.js';
import type { Runtime, RuntimeSession } from './runtime.js';
import type { SessionSettings } from './session_options.js';
import type { WebCopy } from './web_copy.js';
import { Devices } from './web_gpu.js';
import { warnModule, WebCopies } from './web_module.js';
import {
  missing,
  outputLocations,
  planProviders,
  webOptions,
  withoutDevices,
} from './web_providers.js';
import type { ModelParts, Plan } from './web_providers.js';
import { WebSession } from './web_session.js';

/** A session of onnxruntime-web, and what it was made with in the end. */
interface Created {
  readonly copy: WebCopy;
  readonly plan: Plan;
  readonly session: Ort;
}

/**
 * onnxruntime-web: an optional peer dependency that is loaded with the first session.
 *
 * Its files: web_providers.ts (what of the wishes can be had), web_gpu.ts (devices), web_module.ts (the module and its
 * settings), web_session.ts (runs), web_tensors.ts (tensors that stay on a device).
 */
export class WebRuntime implements Runtime {
  readonly target = 'wasm';
  readonly readsFiles = false;
  readonly concurrency = 1;
  private readonly copies = new WebCopies();
  private readonly devices = new Devices();

  constructor(private readonly core: () => Promise<CoreBinding>) {}

  backends(): { name: string; bundled: boolean }[] {
    return ['wasm', 'webgpu', 'webnn']
      .filter((name) => missing(name) === undefined)
      .map((name) => ({ name, bundled: true }));
  }

  async createSession(
    model: LoadedModel,
    settings: SessionSettings,
    warnings: WarningList,
    abort: Abort,
  ): Promise<RuntimeSession> {
    if ('path' in model) throw new Error('this runtime takes bytes');
    const start = performance.now();
    const wished = await abort.race(planProviders(settings, this.devices));
    const { copy: first, plan: possible } = await abort.race(this.load(wished));
    const loaded = performance.now();
    const files = { model: model.bytes, external: model.external.map(inMemory) };
    const created = await this.create(first, possible, files, settings, abort);
    const phases = { runtime: loaded - start, create: performance.now() - loaded };
    const { copy, plan, session } = created;
    try {
      warnModule(copy, settings.intraOpNumThreads, warnings);
      warnSkipped(plan.skipped, plan.used, warnings);
      this.checkOutputs(created, settings, warnings);
      abort.check();
    } catch (error) {
      await copy.queue.add(() => copy.release(() => session.release()));
      throw error;
    }
    const parts = {
      core: await this.core(),
      copy,
      plan,
      settings,
      warnings,
      files: plan.devices.length > 0 ? kept(files) : undefined,
    };
    return new WebSession(parts, session, {
      runtime: { name: 'onnxruntime-web', version: copy.web.env.versions.web ?? '' },
      providers: {
        asked: settings.providers.map(({ name }) => name),
        available: this.backends().map(({ name }) => name),
        used: plan.used,
        skipped: plan.skipped,
      },
      threads: {
        intraOp: copy.web.env.wasm.numThreads ?? 1,
        interOp: 1,
        reason: copy.threads.reason,
      },
      phases,
    });
  }

  /** The build that the plan needs. One that can't be loaded is a reason to go without devices. */
  private async load(plan: Plan): Promise<{ copy: WebCopy; plan: Plan }> {
    if (plan.devices.length === 0) return { copy: await this.copies.load(plan.build), plan };
    try {
      return { copy: await this.copies.load(plan.build), plan };
    } catch (error) {
      const less = withoutDevices(plan, error);
      return { copy: await this.copies.load(less.build), plan: less };
    }
  }

  /** Loading can't be interrupted: what nobody waits for any more is given back once it is there. */
  private async create(
    copy: WebCopy,
    plan: Plan,
    files: ModelParts<Uint8Array>,
    settings: SessionSettings,
    abort: Abort,
  ): Promise<Created> {
    const turn = copy.queue.add(() => {
      abort.check();
      return create(copy, plan, files, settings);
    });
    try {
      return await abort.race(turn);
    } catch (error) {
      const release = ({ session }: Created) => copy.release(() => session.release());
      turn.then((created) => copy.queue.add(() => release(created))).catch(() => undefined);
      throw error;
    }
  }

  /** @throws InferError INVALID_OPTION for an output that the model does not make, NOT_SUPPORTED for one of no such type */
  private checkOutputs(
    { plan, session }: Created,
    settings: SessionSettings,
    warnings: WarningList,
  ): void {
    const { outputNames: names, outputMetadata } = session;
    const { preferredOutputLocation: asked } = settings.given;
    expectOutputs(asked, names);
    const { kept, refused } = outputLocations(settings.given, plan);
    rejectTypes(kept, outputMetadata);
    const hint = "'gpu-buffer' is WebGPU's, 'ml-tensor' WebNN's; outputs come to the CPU";
    warnRefused(refused, plan.used, hint, warnings);
  }
}

/** What WebGPU's kernels can hold. */
const GPU_TYPES = 'float32 float16 int64 int32 uint32 uint8 bool uint4 int4'.split(' ');

/** onnxruntime-web would fail while it runs, in words of WebGPU. */
function rejectTypes(
  kept: Ort.SessionOptions['preferredOutputLocation'],
  outputs: readonly Ort.ValueMetadata[],
): void {
  const place = (name: string) => (typeof kept === 'object' ? kept[name] : kept);
  for (const output of outputs) {
    const type = output.isTensor ? output.type : 'no tensor';
    if (place(output.name) !== 'gpu-buffer' || GPU_TYPES.includes(type)) continue;
    throw new InferError({
      code: 'NOT_SUPPORTED',
      message: `output ${describe(output.name)} can't stay on the GPU: it is ${type}, expected one of ${GPU_TYPES.join(', ')}`,
      hint: 'name the other outputs: preferredOutputLocation: { output: "gpu-buffer" }',
    });
  }
}

/** Tries the plan, then WebAssembly alone: a device may refuse a model that the CPU runs. */
async function create(
  copy: WebCopy,
  plan: Plan,
  files: ModelParts<Uint8Array>,
  settings: SessionSettings,
): Promise<Created> {
  const load = async (chosen: Plan): Promise<Created> => {
    const options = webOptions(settings, chosen, files);
    const session = await copy.createSession('load the model', files.model, options);
    return { copy, plan: chosen, session };
  };
  try {
    return await load(plan);
  } catch (error) {
    if (plan.devices.length === 0) throw error;
    return load(withoutDevices(plan, error instanceof InferError ? error.cause : error));
  }
}

function inMemory({ path, data }: ExternalFile): { path: string; data: Uint8Array } {
  if (typeof data === 'string') throw new Error('this runtime takes bytes');
  return { path, data };
}

/** For the time after the session's device. */
function kept({ model, external }: ModelParts<Uint8Array>): ModelParts<Blob> {
  return {
    model: new Blob([unshared(model)]),
    external: external.map(({ path, data }) => ({ path, data: new Blob([unshared(data)]) })),
  };
}

/** A Blob takes no memory that threads share. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
}
