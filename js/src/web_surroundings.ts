/** What the library looks at of the place where it runs: a page, a worker, or Node. */
export interface Surroundings {
  readonly navigator?: { readonly hardwareConcurrency?: number; gpu?: unknown; ml?: unknown };
  readonly crossOriginIsolated?: boolean;
  readonly process?: { readonly versions?: { readonly node?: string } };
}
export const surroundings = globalThis as Surroundings;

export function inNode(): boolean {
  return surroundings.process?.versions?.node !== undefined;
}
