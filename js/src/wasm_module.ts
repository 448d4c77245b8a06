import type { CoreBinding } from './binding.js';
import { localFiles } from './files.js';
import { threadWorkers } from './wasm_threads.js';
import type { ThreadWorkers } from './wasm_threads.js';
import { surroundings } from './web_surroundings.js';

/** Where the files of a build are. */
export interface ModuleFiles {
  readonly glue: URL;
  readonly wasm: URL;
  /** The script of the threads, where the build has any. */
  readonly worker?: URL;
}

type Receive = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;
interface ModuleOptions {
  readonly threads: number;
  /** What a thread imports: bundlers rename the glue, so its own name for itself is wrong. */
  readonly mainScriptUrlOrBlob: string;
  /** What a thread is made with (wasm/thread_worker.js). */
  readonly Worker: typeof Worker | undefined;
  locateFile(name: string): string;
  instantiateWasm(imports: WebAssembly.Imports, receive: Receive): object;
}
/** What the compiler's glue offers. */
interface Glue {
  readonly default: (options: ModuleOptions) => Promise<CoreBinding>;
}

/** So long the threads may take to start once the module is compiled: their scripts are a few kilobytes. */
const START_MS = 15_000;

/**
 * An instance of the module.
 *
 * @throws Error that names the address of the file that is missing or does not fit
 */
export async function instantiate(files: ModuleFiles, threads: number): Promise<CoreBinding> {
  const [wasm, glue] = await Promise.all([
    open(files.wasm),
    import(/* webpackIgnore: true */ /* @vite-ignore */ files.glue.href) as Promise<Glue>,
    files.worker && expectIsolated(files.worker),
  ]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let workers: ThreadWorkers | undefined;
  let started = false;
  try {
    const module = await new Promise<CoreBinding>((resolve, reject) => {
      if (files.worker) workers = threadWorkers(reject);
      const options: ModuleOptions = {
        threads,
        mainScriptUrlOrBlob: files.glue.href,
        Worker: workers?.Worker,
        locateFile: (name) =>
          (name.endsWith('.js') && files.worker ? files.worker : files.wasm).href,
        // Also because the glue waits for ever: for bytes that can't be compiled, for threads that don't start.
        instantiateWasm(imports, receive) {
          compile(wasm, imports)
            .then(({ instance, module }) => {
              const late = new Error(
                `${threads} threads did not start within ${START_MS / 1000} s`,
              );
              timer = setTimeout(() => {
                reject(late);
              }, START_MS);
              receive(instance, module);
            })
            .catch(reject);
          return {};
        },
      };
      glue.default(options).then(resolve, reject);
    });
    started = true;
    return module;
  } finally {
    workers?.settle(started);
    clearTimeout(timer);
  }
}

/** The bytes, on their way where they come over the network. Node can't fetch a file: there it is read. */
async function open(url: URL): Promise<Response | Uint8Array<ArrayBuffer>> {
  const files = url.protocol === 'file:' ? localFiles() : undefined;
  if (!files) return request(url);
  // On Windows the path of file:///C:/… starts at its second character.
  const path = decodeURIComponent(url.pathname).replace(/^\/(?=[A-Za-z]:)/, '');
  return (await files.readFile(path)) as Uint8Array<ArrayBuffer>;
}

async function compile(
  wasm: Response | Uint8Array<ArrayBuffer>,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  if (!(wasm instanceof Response)) return WebAssembly.instantiate(wasm, imports);
  const streams = wasm.headers.get('content-type')?.startsWith('application/wasm');
  return streams
    ? WebAssembly.instantiateStreaming(wasm, imports)
    : WebAssembly.instantiate(await wasm.arrayBuffer(), imports);
}

/**
 * A page that is isolated refuses the script of a worker without this header, and tells nobody: the worker never starts.
 */
async function expectIsolated(worker: URL): Promise<void> {
  const header = 'Cross-Origin-Embedder-Policy';
  const { headers } = await request(worker);
  if (!surroundings.crossOriginIsolated || headers.get(header)) return;
  throw new Error(
    `the server sends ${worker.href} without the header ${header}, so no thread can start`,
  );
}

async function request(url: URL): Promise<Response> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error(`${url.href} can't be fetched: ${String(error)}`, { cause: error });
  });
  if (response.ok) return response;
  throw new Error(`the server answers ${response.status} for ${url.href}`);
}
