import type { Abort } from './abort.js';
import type { CoreBinding } from './binding.js';
import type { LoadedModel } from './model_source.js';
import { warnSkipped } from './providers.js';
import { Queue } from './queue.js';
import type { WarningList } from './report.js';
import type { Runtime, RuntimeSession } from './runtime.js';
import type { SessionSettings } from './session_options.js';
import { configure, importWeb, warnThreads } from './web_module.js';
import type { Web } from './web_module.js';
import { createWith, missing } from './web_providers.js';
import type { Created } from './web_providers.js';
import { WebSession } from './web_session.js';

/**
 * onnxruntime-web: an optional peer dependency that is loaded with the first session. It can do one thing at a time
 * ("Session already started" otherwise), so all sessions share one queue.
 */
export class WebRuntime implements Runtime {
  readonly target = 'wasm';
  readonly readsFiles = false;
  private readonly queue = new Queue();
  private loading: Promise<Web> | undefined;
  private threads = '';

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
    const web = await abort.race(this.load());
    const loaded = performance.now();
    const { session, used, skipped } = await this.create(web, model.bytes, settings, abort);
    const created = performance.now();
    try {
      warnThreads(warnings);
      warnSkipped(skipped, used, warnings);
      abort.check();
    } catch (error) {
      await session.release();
      throw error;
    }
    return new WebSession(await this.core(), this.queue, session, {
      runtime: { name: 'onnxruntime-web', version: web.env.versions.web ?? '' },
      providers: {
        asked: settings.providers.map(({ name }) => name),
        available: this.backends().map(({ name }) => name),
        used,
        skipped,
      },
      threads: { intraOp: web.env.wasm.numThreads ?? 1, interOp: 1, reason: this.threads },
      phases: { runtime: loaded - start, create: created - loaded },
    });
  }

  /** Loading can't be interrupted: what nobody waits for any more is given back once it is there. */
  private async create(
    web: Web,
    bytes: Uint8Array,
    settings: SessionSettings,
    abort: Abort,
  ): Promise<Created> {
    const turn = this.queue.add(() => {
      abort.check();
      return createWith(web, bytes, settings);
    });
    try {
      return await abort.race(turn);
    } catch (error) {
      turn.then(({ session }) => session.release()).catch(() => undefined);
      throw error;
    }
  }

  /** A failed load is tried again by the next session. */
  private load(): Promise<Web> {
    this.loading ??= importWeb().then(
      (web) => {
        this.threads = configure(web);
        return web;
      },
      (error: unknown) => {
        this.loading = undefined;
        throw error;
      },
    );
    return this.loading;
  }
}
