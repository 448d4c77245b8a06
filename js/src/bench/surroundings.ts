/** What only the place tells where the harness runs: node_surroundings.ts and page_surroundings.ts answer. */
import type { MachineFacts } from './result.js';

export interface MemoryUse {
  readonly bytes: number;
  /** All of the process, or JavaScript's part of a page alone. */
  readonly kind: 'rss' | 'jsHeap';
}

export interface Surroundings {
  machine(): Promise<MachineFacts>;
  /** Processes that want a core, on average of the last minute; undefined where nobody tells. */
  load(): number | undefined;
  memory(): MemoryUse | undefined;
  /** May threads share memory? Undefined where that is no question. */
  readonly isolated: boolean | undefined;
  /** Watches whether the page is hidden. The function that comes back ends it, and tells whether it was. */
  watchHidden(): () => boolean;
  /** Of a file, without keeping it in memory. Absent where there are none. */
  sha256?(path: string): Promise<string>;
}

let surroundings: Surroundings | undefined;

/** For the entry points alone. */
export function provideSurroundings(provided: Surroundings): void {
  surroundings = provided;
}

export function currentSurroundings(): Surroundings {
  if (!surroundings) throw new Error('no entry point has provided the surroundings');
  return surroundings;
}
