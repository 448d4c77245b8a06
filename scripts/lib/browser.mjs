/** The browser for tests and pictures: the system's Chromium, driven by Playwright. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ActError, at } from './act.mjs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** WebGPU without a graphics card: correct, and slow. */
export const SOFTWARE_GPU = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

/** @param {string[]} [flags] @returns {Promise<import('playwright-core').Browser>} */
export async function launchChromium(flags = []) {
  const executablePath = process.env['CHROMIUM'] ?? PLACES.find((place) => existsSync(place));
  if (!executablePath) {
    throw new ActError(
      'there is no Chromium: sudo apt-get install chromium, or CHROMIUM=<path>',
      2,
    );
  }
  const { chromium } = createRequire(at('demo', 'package.json'))('playwright-core');
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...asRoot, ...flags] });
}
