/** The pipeline behind the page: made anew when the settings change. */
import { env, pipeline, search, type FeatureExtraction, type SessionReport } from 'infercore';
import { MODEL, siteFile } from '../site.js';
import { searched, sentenceCount, type Passage, type TextDocument } from './texts.js';

export interface Settings {
  readonly provider: 'wasm' | 'webgpu';
  /** 0: the library's choice. */
  readonly threads: number;
  readonly worker: boolean;
}
export const DEFAULTS: Settings = { provider: 'wasm', threads: 0, worker: true };

export interface Progress {
  readonly loaded: number;
  readonly total: number | undefined;
}
type Watch = (progress: Progress) => void;

/** Threads of the page's own modules hold until the page ends: undefined before their first use. */
let pageThreads: number | undefined;

/** Can these settings be had without a new page? */
export function needsNewPage({ threads, worker }: Settings): boolean {
  return !worker && pageThreads !== undefined && pageThreads !== threads;
}

export class Engine {
  private constructor(
    private readonly embed: FeatureExtraction,
    readonly startMs: number,
  ) {}

  /** Loads runtime and model. What the browser can't do is in the report, and the rest is used. */
  static async start(settings: Settings, signal: AbortSignal, watch: Watch): Promise<Engine> {
    const { provider, threads, worker } = settings;
    // onnxruntime-web's files lie in the site, too: nothing comes from a content network.
    env.wasm.wasmPaths = siteFile('ort/');
    for (const module of [env.wasm, env.core]) {
      if (threads > 0) module.numThreads = threads;
      else delete module.numThreads;
    }
    const started = performance.now();
    const embed = await pipeline('feature-extraction', MODEL, {
      executionProviders: provider === 'webgpu' ? ['webgpu', 'wasm'] : ['wasm'],
      fallback: 'allow',
      worker,
      signal,
      onProgress: ({ phase, loaded, total }) => {
        if (phase === 'fetch') watch({ loaded, total });
      },
    });
    if (!worker) pageThreads ??= threads;
    return new Engine(embed, performance.now() - started);
  }

  get report(): SessionReport {
    return this.embed.report;
  }

  async vectors(texts: readonly string[], signal?: AbortSignal, watch?: Watch) {
    const tensor = await this.embed(texts, {
      ...(signal && { signal }),
      onProgress: ({ loaded, total }) => watch?.({ loaded, total }),
    });
    return { data: tensor.data as Float32Array, dimensions: tensor.dims[1] ?? 0 };
  }

  dispose(): Promise<void> {
    return this.embed.dispose();
  }
}

/** A sentence, and where it stands. */
interface Entry {
  readonly document: TextDocument;
  readonly passage: Passage;
  readonly sentence: number;
}
export interface Hit extends Entry {
  readonly score: number;
}

/** The vectors of all sentences. */
export class Index {
  private constructor(
    private readonly entries: readonly Entry[],
    private readonly matrix: Float32Array,
    private readonly dimensions: number,
    readonly ms: number,
    readonly phases: Readonly<Record<string, number>>,
  ) {}

  static async build(
    engine: Engine,
    documents: readonly TextDocument[],
    signal: AbortSignal,
    watch: Watch,
  ): Promise<Index> {
    const entries = documents.flatMap((document) =>
      document.passages.flatMap((passage) =>
        searched(passage).map((sentence) => ({ document, passage, sentence })),
      ),
    );
    const texts = entries.map(({ passage, sentence }) => passage.sentences[sentence] ?? '');
    watch({ loaded: 0, total: sentenceCount(documents) });
    const started = performance.now();
    const { data, dimensions } = await engine.vectors(texts, signal, watch);
    const ms = performance.now() - started;
    const index = new Index(entries, data, dimensions, ms, engine.report.phases);
    // Loads what compares, which would otherwise make the first query slow.
    await index.nearest(data.subarray(0, dimensions), 1);
    return index;
  }

  get size(): number {
    return this.entries.length;
  }

  /** The best passages, each with its best sentence. */
  async nearest(query: Float32Array, most: number): Promise<Hit[]> {
    const k = Math.min(this.size, most * 4);
    // Rows are compared in the page, also where the model is in a worker.
    pageThreads ??= env.core.numThreads ?? 0;
    const { indices, scores } = await search(query, this.matrix, {
      dimensions: this.dimensions,
      k,
    });
    const best = new Map<Passage, Hit>();
    indices.forEach((index, i) => {
      const entry = this.entries[index];
      if (!entry || best.has(entry.passage)) return;
      best.set(entry.passage, { ...entry, score: scores[i] ?? 0 });
    });
    return [...best.values()].slice(0, most);
  }
}
