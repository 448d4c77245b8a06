/** The default number of threads, on machines and in containers that the tests have not. */
import { describe, expect, test } from '@jest/globals';
import type { Machine, UsableCores } from '../../js/src/usable_cores.js';
import { sourceModule } from './source_module';

interface Source {
  readonly usableCores: (machine: Machine) => UsableCores;
  readonly physicalCores: (machine: Machine) => UsableCores;
}
const source = sourceModule<Source>('usable_cores');

function machine(parallelism: number, files: Record<string, string>): Machine {
  return { read: (path) => files[path], parallelism: () => parallelism };
}

/** Processors with two threads a core: 0 and n, 1 and n + 1, … as Linux mostly counts them. */
function siblings(cores: number): Record<string, string> {
  const entries = Array.from({ length: 2 * cores }, (_, i) => [
    `/sys/devices/system/cpu/cpu${i}/topology/thread_siblings_list`,
    `${i % cores},${(i % cores) + cores}`,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

const allowed = (list: string) => ({
  '/proc/self/status': `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed_list:\t0`,
});

describe('quotas of containers', () => {
  const V1 = '/sys/fs/cgroup/cpu';
  const cases: [string, Record<string, string>, number][] = [
    ['no control groups', {}, 8],
    ['version 2: none', { '/proc/self/cgroup': '0::/', '/sys/fs/cgroup/cpu.max': 'max 100000' }, 8],
    ['version 2, as the root', { '/sys/fs/cgroup/cpu.max': '200000 100000' }, 2],
    [
      'version 2, in its own folder',
      {
        '/proc/self/cgroup': '0::/system.slice/app.service',
        '/sys/fs/cgroup/system.slice/app.service/cpu.max': '350000 100000',
        '/sys/fs/cgroup/cpu.max': 'max 100000',
      },
      4,
    ],
    [
      'version 2, of a folder above',
      {
        '/proc/self/cgroup': '0::/pods/pod/container',
        '/sys/fs/cgroup/pods/pod/container/cpu.max': 'max 100000',
        '/sys/fs/cgroup/pods/pod/cpu.max': '300000 100000',
        '/sys/fs/cgroup/pods/cpu.max': '600000 100000',
      },
      3,
    ],
    [
      'version 1, as the root',
      { [`${V1}/cpu.cfs_quota_us`]: '150000', [`${V1}/cpu.cfs_period_us`]: '100000' },
      2,
    ],
    [
      'version 1: none',
      { [`${V1}/cpu.cfs_quota_us`]: '-1', [`${V1}/cpu.cfs_period_us`]: '100000' },
      8,
    ],
    [
      'version 1, with its controllers in one folder',
      {
        '/proc/self/cgroup': '5:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n1:cpuset:/docker/1',
        '/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us': '100000',
        '/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us': '100000',
      },
      1,
    ],
    [
      'both versions at once',
      {
        '/proc/self/cgroup': '2:cpuacct:/\n1:cpu:/x\n0::/',
        [`${V1}/x/cpu.cfs_quota_us`]: '500000',
        [`${V1}/x/cpu.cfs_period_us`]: '100000',
      },
      5,
    ],
    ['less than one core', { '/sys/fs/cgroup/cpu.max': '20000 100000' }, 1],
    ['more than there are', { '/sys/fs/cgroup/cpu.max': '6400000 100000' }, 8],
    ['nonsense', { '/proc/self/cgroup': '\0', '/sys/fs/cgroup/cpu.max': 'x' }, 8],
  ];
  test.each(cases)('%s', async (_, files, count) => {
    const { usableCores, physicalCores } = await source;
    expect(usableCores(machine(8, files)).count).toBe(count);
    expect(physicalCores(machine(8, files)).count).toBe(count);
  });
});

describe('physical cores', () => {
  const cases: [string, Machine, number, number][] = [
    ['two threads a core', machine(16, { ...siblings(8), ...allowed('0-15') }), 16, 8],
    [
      'bound to both threads of two cores',
      machine(4, { ...siblings(8), ...allowed('0-1,8,9') }),
      4,
      2,
    ],
    ['bound to one thread of each core', machine(8, { ...siblings(8), ...allowed('0-7') }), 8, 8],
    [
      'a list with processors that are off',
      machine(2, { ...siblings(8), ...allowed('0-1023') }),
      2,
      2,
    ],
    ['nothing known of siblings', machine(6, allowed('0-5')), 6, 6],
    ['a list that is none', machine(6, { ...siblings(8), ...allowed('x-y,,5-3') }), 6, 6],
    [
      'and a quota below them',
      machine(16, {
        ...siblings(8),
        ...allowed('0-15'),
        '/sys/fs/cgroup/cpu.max': '300000 100000',
      }),
      3,
      3,
    ],
    [
      'and a quota above them',
      machine(16, {
        ...siblings(8),
        ...allowed('0-15'),
        '/sys/fs/cgroup/cpu.max': '1000000 100000',
      }),
      10,
      8,
    ],
  ];
  test.each(cases)('%s', async (_, each, usable, physical) => {
    const { usableCores, physicalCores } = await source;
    expect([usableCores(each).count, physicalCores(each).count]).toEqual([usable, physical]);
  });

  test('who decided it is told', async () => {
    const { physicalCores } = await source;
    const files = { ...siblings(8), ...allowed('0-15') };
    expect(physicalCores(machine(16, files)).reason).toBe(
      'this process may use 8 physical cores (16 with their siblings)',
    );
    expect(
      physicalCores(machine(16, { ...files, '/sys/fs/cgroup/cpu.max': '250000 100000' })).reason,
    ).toBe("the container's quota is 2.5 of 8 physical cores (16 with their siblings)");
    expect(physicalCores(machine(4, {})).reason).toBe('this process may use 4 cores');
  });
});
