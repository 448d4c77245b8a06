import type { MachineFacts } from './result.js';
import type { Surroundings } from './surroundings.js';

/** What pages have and workers or Node may lack. */
interface Page {
  readonly document?: Pick<
    Document,
    'visibilityState' | 'addEventListener' | 'removeEventListener'
  >;
  readonly navigator?: {
    readonly userAgent?: string;
    readonly hardwareConcurrency?: number;
    readonly platform?: string;
    readonly deviceMemory?: number;
    readonly gpu?: { requestAdapter(): Promise<{ readonly info?: GpuInfo } | null> };
  };
  readonly crossOriginIsolated?: boolean;
  readonly performance: { readonly memory?: { readonly usedJSHeapSize: number } };
  readonly process?: { readonly versions?: { readonly node?: string }; readonly platform?: string };
}
interface GpuInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly description?: string;
}

const page = (): Page => globalThis as unknown as Page;

async function gpu(): Promise<Pick<MachineFacts, 'gpu'>> {
  const info = (
    await page()
      .navigator?.gpu?.requestAdapter()
      .catch(() => null)
  )?.info;
  const words = [info?.vendor, info?.architecture, info?.description].filter(Boolean);
  return words.length > 0 ? { gpu: words.join(' ') } : {};
}

export const pageSurroundings: Surroundings = {
  machine: async () => {
    const { navigator, process } = page();
    const node = process?.versions?.node;
    return {
      host: node === undefined ? (navigator?.userAgent ?? 'unknown') : `Node ${node}`,
      system: navigator?.platform ?? process?.platform ?? 'unknown',
      cpu: { cores: navigator?.hardwareConcurrency ?? 1, simd: ['simd128'] },
      ...(await gpu()),
      ...(navigator?.deviceMemory !== undefined && {
        memoryBytes: navigator.deviceMemory * 2 ** 30,
      }),
    };
  },
  load: () => undefined,
  memory: () => {
    const bytes = page().performance.memory?.usedJSHeapSize;
    return bytes === undefined ? undefined : { bytes, kind: 'jsHeap' };
  },
  get isolated() {
    return page().process?.versions?.node === undefined ? page().crossOriginIsolated : undefined;
  },
  watchHidden: () => {
    const { document } = page();
    let hidden = document?.visibilityState === 'hidden';
    const listener = (): void => {
      hidden ||= document?.visibilityState === 'hidden';
    };
    document?.addEventListener('visibilitychange', listener);
    return () => {
      document?.removeEventListener('visibilitychange', listener);
      return hidden;
    };
  },
};
