/** The part of node:fs/promises that the library reads files with. */
export interface Files {
  readFile(path: string, options?: { signal?: AbortSignal }): Promise<Uint8Array>;
  stat(path: string): Promise<{ isDirectory(): boolean; isFile(): boolean; size: number }>;
}
/** The part of node:module that finds installed packages. */
export interface Packages {
  createRequire(from: string): { resolve(name: string): string };
}
/** The part of node:diagnostics_channel that runs are published through. */
export interface Diagnostics {
  tracingChannel(name: string): TracingChannel;
}
export interface TracingChannel {
  readonly hasSubscribers: boolean;
  tracePromise<T>(work: () => Promise<T>, context: object): Promise<T>;
  traceSync<T>(work: () => T, context: object): T;
}

let files: Files | undefined;
let packages: Packages | undefined;

/** For Node's entry point alone. */
export function provideNode(node: { files: Files; packages: Packages }): void {
  ({ files, packages } = node);
}

/** The WebAssembly build in Node finds Node's modules without an import that a bundler would stumble over. */
function builtin(name: string): unknown {
  const node = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } })
    .process;
  return node?.getBuiltinModule?.(name);
}

/** The file system, where there is one: a page has none. */
export function localFiles(): Files | undefined {
  return files ?? (builtin('node:fs/promises') as Files | undefined);
}

/** How installed packages are found, where there are any. */
export function localPackages(): Packages | undefined {
  return packages ?? (builtin('node:module') as Packages | undefined);
}

/** What tells tools of what happens here, where there is any. */
export function localDiagnostics(): Diagnostics | undefined {
  return builtin('node:diagnostics_channel') as Diagnostics | undefined;
}
