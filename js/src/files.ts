/** The part of node:fs/promises that the library reads files with. */
export interface Files {
  readFile(path: string, options?: { signal?: AbortSignal }): Promise<Uint8Array>;
  stat(path: string): Promise<{ isDirectory(): boolean; size: number }>;
}

let provided: Files | undefined;

/** For Node's entry point alone. */
export function provideFiles(files: Files): void {
  provided = files;
}

/**
 * The file system, where there is one. A page has none; the WebAssembly build in Node finds Node's without an import
 * that a bundler would stumble over.
 */
export function localFiles(): Files | undefined {
  if (provided) return provided;
  const node = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } })
    .process;
  return node?.getBuiltinModule?.('node:fs/promises') as Files | undefined;
}
