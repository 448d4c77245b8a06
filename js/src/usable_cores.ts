import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** How many cores this process may use, and who says so: the machine, or the quota of a container. */
export interface UsableCores {
  readonly count: number;
  readonly reason: string;
}

/** Where the answers come from; tests have machines of their own. */
export interface Machine {
  /** The text of a file, or undefined where there is none. */
  readonly read: (path: string) => string | undefined;
  /** The processors that the scheduler may give to this process. */
  readonly parallelism: () => number;
}

const THIS_MACHINE: Machine = {
  read: (path) => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      return undefined;
    }
  },
  parallelism: availableParallelism,
};

/** A group's folder and those above it: the quota of each holds. */
function ancestry(group: string): string[] {
  const parts = group.split('/').filter((part) => part !== '');
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`).concat('');
}

/** "200000 100000" of version 2, or the two files of version 1; "max" and −1 are no quota. */
function coresOf(limit: string | undefined, period: string | undefined): number | undefined {
  const cores = Number(limit) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

/**
 * Cores' worth of time by control groups, version 2's or version 1's, whichever has one. Inside a container the group's
 * own folder may be shown as the root, so that is always among those that are asked.
 */
function quota({ read }: Machine): number | undefined {
  const groups = read('/proc/self/cgroup') ?? '';
  const quotas: (number | undefined)[] = [];
  const own = /^0::(.*)$/m.exec(groups)?.[1] ?? '';
  for (const root of ['/sys/fs/cgroup', '/sys/fs/cgroup/unified']) {
    for (const folder of ancestry(own)) {
      quotas.push(coresOf(...splitPair(read(`${root}${folder}/cpu.max`))));
    }
  }
  const [, names = 'cpu', old = ''] = /^\d+:((?:\w+,)*cpu(?:,\w+)*):(.*)$/m.exec(groups) ?? [];
  for (const root of new Set([`/sys/fs/cgroup/${names}`, '/sys/fs/cgroup/cpu'])) {
    for (const folder of ancestry(old)) {
      const file = `${root}${folder}/cpu.cfs`;
      quotas.push(coresOf(read(`${file}_quota_us`), read(`${file}_period_us`)));
    }
  }
  const found = quotas.filter((cores) => cores !== undefined);
  return found.length > 0 ? Math.min(...found) : undefined;
}

function splitPair(text: string | undefined): [string | undefined, string | undefined] {
  const [first, second] = text?.split(/\s+/) ?? [];
  return [first, second];
}

function limited(cores: number, what: string, machine: Machine): UsableCores {
  const limit = quota(machine);
  if (limit === undefined || limit >= cores) {
    return { count: cores, reason: `this process may use ${cores} ${what}` };
  }
  const count = Math.max(1, Math.ceil(limit));
  return { count, reason: `the container's quota is ${limit} of ${cores} ${what}` };
}

/**
 * Node counts the processors that the scheduler may give, but not a container's quota: a pool of 64 threads on 2 cores'
 * worth of time is throttled most of the time.
 */
export function usableCores(machine = THIS_MACHINE): UsableCores {
  return limited(machine.parallelism(), 'cores', machine);
}

/** "0-2,8" → 0, 1, 2, 8. */
function numbersOf(list: string): number[] {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first = '', last = first]) => {
    const length = Math.max(0, Number(last) - Number(first) + 1);
    return Array.from({ length }, (_, i) => Number(first) + i);
  });
}

/** Processors that share a core, by processor: this does not change while a process lives. */
const siblings = new WeakMap<Machine, Map<number, string | undefined>>();

function siblingsOf(processor: number, machine: Machine): string | undefined {
  const known = siblings.get(machine) ?? new Map<number, string | undefined>();
  siblings.set(machine, known);
  if (!known.has(processor)) {
    const path = `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`;
    known.set(processor, machine.read(path));
  }
  return known.get(processor);
}

/** The physical cores behind the processors of this process. Undefined where the system does not tell. */
function physical(machine: Machine): number | undefined {
  const status = machine.read('/proc/self/status') ?? '';
  const allowed = numbersOf(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
  const cores = new Set<string>();
  // What Node counts is never exceeded: the list may name processors that are off.
  for (const processor of allowed) {
    const list = siblingsOf(processor, machine);
    if (list !== undefined) cores.add(list);
  }
  const count = Math.min(cores.size, machine.parallelism());
  return count > 0 ? count : undefined;
}

/**
 * What models compute on by default. Two threads of one core share its arithmetic, so a second one brings little to a
 * matrix product and takes the caches.
 */
export function physicalCores(machine = THIS_MACHINE): UsableCores {
  const cores = physical(machine);
  const all = machine.parallelism();
  if (cores === undefined || cores === all) return usableCores(machine);
  return limited(cores, `physical cores (${all} with their siblings)`, machine);
}
