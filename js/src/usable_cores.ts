import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** How many cores this process may use, and who says so: the machine, or the quota of a container. */
export interface UsableCores {
  readonly count: number;
  readonly reason: string;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Cores' worth of time by control groups: version 2's `cpu.max` ("200000 100000", "max …"), or version 1's files. */
function quota(): number | undefined {
  const own = /^0::(.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  const max = read(`/sys/fs/cgroup${own}/cpu.max`) ?? read('/sys/fs/cgroup/cpu.max');
  const [limit, period] = max?.split(' ') ?? [
    read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'),
    read('/sys/fs/cgroup/cpu/cpu.cfs_period_us'),
  ];
  const cores = Number(limit) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

/**
 * Node counts the cores that the scheduler may give, but not a container's quota: a pool of 64 threads on 2 cores'
 * worth of time is throttled most of the time.
 */
export function usableCores(): UsableCores {
  const machine = availableParallelism();
  const limit = quota();
  if (limit === undefined || limit >= machine) {
    return { count: machine, reason: `this process may use ${machine} cores` };
  }
  const count = Math.max(1, Math.ceil(limit));
  return { count, reason: `the container's quota is ${limit} of ${machine} cores` };
}
