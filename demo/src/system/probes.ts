/** What a browser offers to models in a page. Each probe looks; none guesses from the browser's name. */
import type { Isolation } from '../isolation.js';
import { bytes, counted } from '../format.js';

export interface Finding {
  readonly name: string;
  readonly state: 'yes' | 'no' | 'fact';
  /** What was found. */
  readonly value: string;
  /** What it is good for, or what its lack costs. */
  readonly meaning: string;
  /** How to get it, where it is missing. */
  readonly remedy?: string;
}

/** Modules of a few bytes that only compile where the feature is there: a vector constant, a tag, relaxed SIMD. */
const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const SIMD = [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
const RELAXED = [
  1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2,
  11,
];
const EXCEPTIONS = [1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11];

function compiles(body: readonly number[]): boolean {
  return WebAssembly.validate(Uint8Array.from([...HEADER, ...body]));
}

/** A finding that is there or not: `remedy` is said only where it isn't. */
function check(
  there: boolean,
  name: string,
  value: string,
  meaning: string,
  remedy: string,
): Finding {
  const base = { name, state: there ? 'yes' : 'no', value, meaning } as const;
  return there ? base : { ...base, remedy };
}

const BROWSERS = 'Take a browser of 2023 or later.';

export function threadFindings(isolation: Isolation): Finding[] {
  const why = 'reason' in isolation ? isolation.reason : '';
  const cores = navigator.hardwareConcurrency;
  return [
    check(
      isolation.isolated,
      'Cross-origin isolation',
      isolation.isolated ? `Yes, by the ${isolation.by}` : `No: ${why}`,
      'The door to threads: only isolated pages may share memory between them.',
      'The host sends Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp; or a service worker adds them, as here, over https or on localhost.',
    ),
    check(
      typeof SharedArrayBuffer !== 'undefined',
      'Shared memory',
      typeof SharedArrayBuffer === 'undefined' ? 'No' : 'Yes',
      'Without it a model runs on one core only.',
      'It comes with cross-origin isolation.',
    ),
    {
      name: 'Processor cores',
      state: 'fact',
      value: counted(cores, 'core'),
      meaning: 'How many threads are worthwhile at most; some browsers say less than there is.',
    },
  ];
}

export function wasmFindings(): Finding[] {
  return [
    check(
      compiles(SIMD),
      'SIMD',
      compiles(SIMD) ? 'Yes' : 'No',
      'Several numbers in one step. infercore and onnxruntime-web need it.',
      BROWSERS,
    ),
    check(
      compiles(EXCEPTIONS),
      'Exceptions',
      compiles(EXCEPTIONS) ? 'Yes' : 'No',
      'infercore’s core reports its errors by them.',
      BROWSERS,
    ),
    check(
      compiles(RELAXED),
      'Relaxed SIMD',
      compiles(RELAXED) ? 'Yes' : 'No',
      'Faster sums of products, for models with 8-bit weights. Nothing here needs it.',
      'Newer Chromium and Firefox have it; in Safari it is behind a flag.',
    ),
  ];
}

interface Adapter {
  readonly info?: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly limits: Readonly<Record<string, number>>;
  readonly features: ReadonlySet<string>;
}

async function adapterOf(): Promise<Adapter | string> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } };
  if (!gpu)
    return isSecureContext
      ? 'this browser has no navigator.gpu'
      : 'only over https or on localhost';
  try {
    return (await gpu.requestAdapter()) ?? 'the browser has it, but no adapter';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const GPU_MEANING =
  'Models on the graphics card. Worth a try with large ones: the search page shows the times of both.';

export async function gpuFindings(): Promise<Finding[]> {
  const adapter = await adapterOf();
  const webnn = 'ml' in navigator;
  const network = check(
    webnn,
    'WebNN',
    webnn ? 'Yes' : 'No',
    'The system’s own way to run models, on accelerators too. Young: few browsers have it.',
    'In Chromium: chrome://flags, “Enables WebNN API”.',
  );
  if (typeof adapter === 'string') {
    const remedy =
      'Chromium 113, Safari 26, Firefox 141 or later; on Linux Chromium may need chrome://flags, “Vulkan”, and a driver.';
    return [check(false, 'WebGPU', `No: ${adapter}`, GPU_MEANING, remedy), network];
  }
  return [
    { name: 'WebGPU', state: 'yes', value: adapterName(adapter), meaning: GPU_MEANING },
    ...gpuFacts(adapter),
    network,
  ];
}

function adapterName({ info }: Adapter): string {
  const words = [info?.vendor, info?.architecture, info?.device, info?.description];
  const known = [...new Set(words.filter(Boolean))].join(', ');
  const fallback = info?.isFallbackAdapter ? ' (computed by the processor: slow)' : '';
  return `Yes: ${known || 'the browser hides which'}${fallback}`;
}

function gpuFacts({ limits, features }: Adapter): Finding[] {
  const buffer = limits['maxStorageBufferBindingSize'] ?? 0;
  const half = features.has('shader-f16');
  return [
    {
      name: 'Largest buffer',
      state: 'fact',
      value: `${bytes(buffer)} in one binding, ${bytes(limits['maxBufferSize'] ?? 0)} in all`,
      meaning: 'No weight of a model may be larger.',
    },
    check(
      half,
      '16-bit numbers',
      half ? 'Yes (shader-f16)' : 'No',
      'Half the memory for models with such weights.',
      'It depends on the graphics card and its driver.',
    ),
  ];
}

export async function memoryFindings(): Promise<Finding[]> {
  const { deviceMemory } = navigator as { deviceMemory?: number };
  const estimate = await navigator.storage?.estimate().catch(() => undefined);
  const findings: Finding[] = [
    {
      name: 'Memory',
      state: 'fact',
      value: deviceMemory === undefined ? 'The browser does not say' : `${deviceMemory} GB or more`,
      meaning: 'Rounded by the browser. A page’s WebAssembly gets 4 GB at most.',
    },
  ];
  if (estimate?.quota !== undefined) {
    findings.push({
      name: 'Storage',
      state: 'fact',
      value: `${bytes(estimate.quota)} allowed, ${bytes(estimate.usage ?? 0)} in use`,
      meaning: 'What a site may keep on this computer. This one keeps nothing but your colours.',
    });
  }
  return findings;
}
