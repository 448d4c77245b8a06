/** The programs and libraries that come from the system's package manager, and for what each is needed. */
import { existsSync, readFileSync } from 'node:fs';
import { ActError, at, probe, run, say } from './act.mjs';
import { aptHasChromium, findChromium } from './browser.mjs';

/** The oldest one that the core is known to compile with. */
const GXX = [11, 0];

/**
 * `packages` lists the names a tool has had in Debian and Ubuntu, newest first; the first one that apt knows is taken.
 * `least` is the version that it must have.
 * @type {Record<string, {why: string, packages: string[], present: () => Promise<boolean>, least?: Least}[]>}
 * @typedef {{command: string, version: number[]}} Least
 */
const TOOLS = {
  compiler: [
    {
      why: 'compiles the C++ core, which is C++20',
      packages: ['g++'],
      present: has('g++'),
      least: { command: 'g++', version: GXX },
    },
    {
      why: 'describes the build',
      packages: ['cmake'],
      present: has('cmake'),
      least: { command: 'cmake', version: cmakeVersion() },
    },
    { why: 'runs the build', packages: ['ninja-build'], present: has('ninja') },
    {
      why: 'parses JSON in the core (headers only)',
      packages: ['rapidjson-dev'],
      present: async () => existsSync('/usr/include/rapidjson/reader.h'),
    },
  ],
  wasm: [
    { why: 'compiles the core to WebAssembly', packages: ['emscripten'], present: has('em++') },
  ],
  sanitizers: [
    { why: 'compiles the tests with sanitizers', packages: ['clang'], present: has('clang++') },
    {
      why: "holds clang's sanitizers and fuzzer",
      packages: [
        'libclang-rt-dev',
        'libclang-rt-18-dev',
        'libclang-rt-14-dev',
        'libclang-common-14-dev',
      ],
      present: hasSanitizers,
    },
    {
      why: "runs the core's tests",
      packages: ['libgtest-dev'],
      present: async () => existsSync('/usr/include/gtest/gtest.h'),
    },
  ],
  cases: [
    {
      why: "has ONNX's own test cases, which sessions must pass",
      packages: ['libonnx-testdata'],
      present: async () => existsSync('/usr/share/libonnx-testdata/data/node'),
    },
  ],
  browser: [
    {
      why: 'runs the tests of pages',
      packages: ['chromium'],
      // Where apt has none, ensureChromium brings one.
      present: async () => (await findChromium()) !== undefined || !aptHasChromium(),
    },
  ],
  lint: [
    { why: 'checks the layout of C++', packages: ['clang-format'], present: has('clang-format') },
    { why: 'finds faults in C++', packages: ['clang-tidy'], present: has('clang-tidy') },
  ],
};

export const toolGroups = Object.keys(TOOLS);

function has(command) {
  return async () => (await probe(command)) !== undefined;
}

async function hasSanitizers() {
  const folder = await probe('clang++', ['-print-resource-dir']);
  if (!folder) return false;
  const cpu = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return existsSync(`${folder}/lib/linux/libclang_rt.fuzzer-${cpu}.a`);
}

/** The one that CMakePresets.json asks for. */
function cmakeVersion() {
  const { cmakeMinimumRequired } = JSON.parse(readFileSync(at('CMakePresets.json'), 'utf8'));
  return [cmakeMinimumRequired.major, cmakeMinimumRequired.minor];
}

/** Is `found`, as "g++ (Debian 12.2.0-14) 12.2.0", at least this version? What can't be read is taken for one. */
export function isRecent(found, [major, minor]) {
  const numbers = [...found.matchAll(/(?<![\d.-])(\d+)\.(\d+)/g)].at(-1);
  if (!numbers) return true;
  const [have, more] = numbers.slice(1).map(Number);
  return have > major || (have === major && more >= minor);
}

/** A tool that is there but too old: a package of the same name would be the same one. */
async function rejectOld(tools) {
  const old = [];
  for (const { least, why } of tools) {
    const found = least && (await probe(least.command));
    if (!found || isRecent(found, least.version)) continue;
    old.push(
      `  ${least.command} ${least.version.join('.')} or later (it ${why}); this is ${found}`,
    );
  }
  if (old.length === 0) return;
  throw new ActError(
    `these programs are too old:\n${old.join('\n')}\nA newer release of your system has them.`,
    2,
  );
}

/** Installs what is missing of these groups; where that isn't possible, ends with code 2 and the exact commands. */
export async function ensureTools(groups) {
  const tools = groups.flatMap((group) => TOOLS[group]);
  const missing = [];
  for (const tool of tools) {
    if (!(await tool.present())) missing.push(tool);
  }
  if (missing.length > 0) await bring(missing);
  await rejectOld(tools);
}

/** @param {(typeof TOOLS)[string]} missing */
async function bring(missing) {
  const apt = await probe('apt-get');
  if (!apt) {
    const list = missing.map((tool) => `  ${tool.packages[0]}  (${tool.why})`).join('\n');
    throw new ActError(
      `these programs are missing, and there is no apt-get to bring them:\n${list}\n` +
        'Install them with the package manager of your system (the names are those of Debian).',
      2,
    );
  }
  const prefix = await rootPrefix();
  for (const tool of missing) say(`${tool.packages[0]} is missing: it ${tool.why}`);
  if (prefix === undefined) {
    const names = await Promise.all(missing.map((tool) => knownName(tool.packages)));
    throw new ActError(
      `installing them needs root. Run this, then try again:\n` +
        `  sudo apt-get update\n  sudo apt-get install -y --no-install-recommends ${names.join(' ')}`,
      2,
    );
  }
  await install(prefix, missing);
}

/** sudo keeps none of the environment. */
const SUDO = ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'];

/** What to put before a command: nothing as root, SUDO where it asks for no password, undefined without either. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return (await probe('sudo', ['-n', 'true'])) === undefined ? undefined : SUDO;
}

async function install(prefix, tools) {
  const asRoot = (args, options) => {
    const [command, ...rest] = [...prefix, ...args];
    return run(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' }, ...options });
  };
  say('apt-get update: the list of packages may be old');
  await asRoot(['apt-get', 'update', '-qq'], { capture: true });
  const names = [];
  for (const tool of tools) names.push(await knownName(tool.packages));
  say(`apt-get install ${names.join(' ')}`);
  await asRoot(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names], {
    capture: true,
  });
  for (const tool of tools) {
    if (!(await tool.present())) {
      throw new ActError(
        `${tool.packages[0]} was installed but still isn't found (it ${tool.why})`,
        2,
      );
    }
  }
}

async function knownName(names) {
  for (const name of names) {
    const { code } = await run('apt-cache', ['show', name], { capture: true, allowFailure: true });
    if (code === 0) return name;
  }
  return names[0];
}
