/** What an act may need, each brought by `ensure` when it is missing and left alone when it is there. */
import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ActError, at, say } from './act.mjs';
import { ensureChromium } from './browser.mjs';
import { copyHeaders, ensureNodeModules, fromPackage } from './packages.mjs';
import { ensureTools, toolGroups } from './tools.mjs';

/** What the library contains of others: it travels with it. */
const NOTICES = 'ThirdPartyNotices.txt';
const ORT_HEADERS = {
  name: 'com.github.asus4.onnxruntime',
  version: '0.4.9',
  integrity:
    'sha512-BkzxduSZ9IkeDP6Q8lz2TFU2ie7hSSvS7ZIfzMooExoq0CNzJnuuGaUJ7IsojBgqO4ouD1jXah8OYyJbCN29Fg==',
  files: ['Plugins/iOS~/onnxruntime.xcframework/ios-arm64/onnxruntime.framework/Headers', NOTICES],
};
const ORT_NODE = {
  name: 'onnxruntime-node',
  version: '1.30.0',
  integrity:
    'sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw==',
  files: ['package.json', 'dist', 'bin/napi-v6/linux/x64'],
};

export const platform = `${process.platform}-${process.arch}`;
export const platformPackage = at('npm', platform);
/** onnxruntime-node, for the programs that run on it and on this library. Installed by npm it would weigh 288 MB. */
export const onnxruntimeNode = at('build', 'peers', 'onnxruntime-node');

const NEEDS = {
  packages: ensureNodeModules,
  compiler: async () => {
    await ensureTools(['compiler']);
    if (!existsSync(at('build', 'include', 'rapidjson'))) {
      copyHeaders('/usr/include/rapidjson', 'rapidjson');
    }
  },
  runtime: async () => {
    ensurePlatform();
    const headers = at('build', 'include', 'onnxruntime', 'onnxruntime_cxx_api.h');
    const notices = join(platformPackage, NOTICES);
    if (!existsSync(headers) || !existsSync(notices)) {
      say(
        `ONNX Runtime's headers (from ${ORT_HEADERS.name}, 150 MB to fetch, 2 MB kept): the addon is compiled with them`,
      );
      await fromPackage(ORT_HEADERS, (folder) => {
        copyHeaders(join(folder, ORT_HEADERS.files[0]), 'onnxruntime');
        copyFileSync(join(folder, NOTICES), notices);
      });
    }
    const library = join(platformPackage, 'libonnxruntime.so.1');
    if (!existsSync(library)) {
      say(
        `ONNX Runtime's library (from ${ORT_NODE.name}, 114 MB to fetch, 92 MB kept): the addon runs models with it, and the tests compare`,
      );
      await fetchRuntime((folder) =>
        copyFileSync(join(folder, ORT_NODE.files[2], 'libonnxruntime.so.1'), library),
      );
    }
  },
  peer: async () => {
    ensurePlatform();
    if (existsSync(onnxruntimeNode)) return;
    say(`${ORT_NODE.name} (114 MB to fetch, 46 MB kept): the tests run the same programs on it`);
    await fetchRuntime(() => undefined);
  },
  wasm: () => ensureTools(['wasm']),
  sanitizers: () => ensureTools(['sanitizers']),
  cases: () => ensureTools(['cases']),
  browser: async () => {
    await ensureTools(['browser']);
    await ensureChromium();
  },
  lint: () => ensureTools(['lint']),
};

/** Keeps the package without what its install script needs, which would download more. */
async function fetchRuntime(use) {
  await fromPackage(ORT_NODE, (folder) => {
    use(folder);
    rmSync(onnxruntimeNode, { recursive: true, force: true });
    cpSync(folder, `${onnxruntimeNode}.new`, { recursive: true });
    renameSync(`${onnxruntimeNode}.new`, onnxruntimeNode);
  });
}

function ensurePlatform() {
  if (existsSync(join(platformPackage, 'package.json'))) return;
  throw new ActError(
    `the addon is built for linux-x64 so far, this is ${platform}; the WebAssembly build works everywhere`,
    2,
  );
}

/** @param {(keyof typeof NEEDS)[]} names */
export async function ensure(names) {
  mkdirSync(at('build', 'include'), { recursive: true });
  // All of the system's at once: whoever has to install them by hand wants one command.
  await ensureTools(names.filter((name) => toolGroups.includes(name)));
  for (const name of names) await NEEDS[name]();
}

export const allNeeds = /** @type {(keyof typeof NEEDS)[]} */ (Object.keys(NEEDS));
