/** The browser for tests and pictures: CHROMIUM, one that is installed, or Playwright's own; driven by Playwright. */
import { existsSync, readFileSync } from 'node:fs';
import { ActError, at, probe, run, say } from './act.mjs';

const COMMANDS = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];

/** WebGPU without a graphics card: correct, and slow. */
export const SOFTWARE_GPU = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

/** @param {string[]} [flags] @returns {Promise<import('playwright-core').Browser>} */
export async function launchChromium(flags = []) {
  await ensureChromium();
  const { chromium } = await import('playwright-core');
  const found = (await findChromium()) ?? '';
  // Playwright wants a path where the search may have found a command.
  const executablePath = found.includes('/') ? found : await probe('which', [found]);
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...asRoot, ...flags] });
}

/**
 * A command or path that starts a Chromium, or undefined.
 *
 * @throws ActError where CHROMIUM names none
 */
export async function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (await isChromium(named)) return named;
    throw new ActError(`CHROMIUM is ${named}, which does not start a Chromium`, 2);
  }
  for (const command of COMMANDS) if (await isChromium(command)) return command;
  return playwrights();
}

/** Ubuntu's `chromium-browser` may be there and only say that it is to be installed: it names no version. */
async function isChromium(command) {
  const version = run(command, ['--version'], { capture: true, allowFailure: true });
  // Debian's start script may complain of the machine before that line.
  return /^(Chromium|Google Chrome\b.*) \d+/m.test(
    (await version.catch(() => ({ output: '' }))).output,
  );
}

async function playwrights() {
  if (!existsSync(at('node_modules', 'playwright-core'))) return undefined;
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/** Debian packages Chromium; Ubuntu's package of that name only asks for a snap. */
export function aptHasChromium() {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID=debian$/m.test(readFileSync(file, 'utf8'));
}

/** The last resort, where neither an installed browser nor a package is to be had. */
export async function ensureChromium() {
  if (await findChromium()) return;
  say(
    'Chromium (150 MB, by Playwright): the tests of pages run in it; CHROMIUM=path names another',
  );
  const cli = at('node_modules', 'playwright-core', 'cli.js');
  await run(process.execPath, [cli, 'install', 'chromium']);
  if (await isChromium((await findChromium()) ?? '')) return;
  throw new ActError(
    `Playwright's Chromium does not start: it may lack libraries of the system. Run this, then try again:\n` +
      `  sudo node ${cli} install-deps chromium`,
    2,
  );
}
