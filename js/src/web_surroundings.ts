/** What the library looks at of the place where it runs: a page, a worker, or Node. */
export interface Surroundings {
  readonly navigator?: {
    readonly hardwareConcurrency?: number;
    readonly gpu?: GPU;
    readonly ml?: MachineLearning;
  };
  readonly crossOriginIsolated?: boolean;
  readonly isSecureContext?: boolean;
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
  readonly process?: { readonly versions?: { readonly node?: string } };
}
/** Of the Web Neural Network API, which TypeScript's library does not know. */
export interface MachineLearning {
  createContext(options?: object): Promise<NeuralContext>;
}
export interface NeuralContext {
  readonly lost?: Promise<{ readonly message: string }>;
}
export const surroundings = globalThis as Surroundings;

export function inNode(): boolean {
  return surroundings.process?.versions?.node !== undefined;
}

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
/** A module with one function that makes a vector: `i8x16.splat`. */
const SIMD = [1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11];
/** A module with one page of shared memory. */
const SHARED_MEMORY = [5, 4, 1, 3, 1, 1];

function validates(sections: readonly number[]): boolean {
  return WebAssembly.validate(Uint8Array.from([...HEADER, ...sections]));
}

export function hasSimd(): boolean {
  return validates(SIMD);
}

/** What browsers give to pages over https alone, they do not have: a page of http is told why. */
function because(what: string): string {
  return surroundings.isSecureContext === false
    ? `${what}: it came over http (https or localhost is needed)`
    : what;
}

export function notIsolated(): string {
  return because('the page is not cross-origin isolated');
}

/** Why a device's interface is not to be had. */
export function noDevices(property: 'gpu' | 'ml'): string {
  const name = property === 'gpu' ? 'WebGPU' : 'WebNN';
  return because(`there is no ${name} here (navigator.${property})`);
}

/** Why WebAssembly can't have threads here; undefined when it can. */
export function threadsMissing(): string | undefined {
  if (typeof SharedArrayBuffer === 'undefined') {
    return surroundings.crossOriginIsolated
      ? 'this browser has no SharedArrayBuffer'
      : notIsolated();
  }
  return validates(SHARED_MEMORY) ? undefined : "this browser's WebAssembly has no shared memory";
}
