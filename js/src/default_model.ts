import { InferError } from './error.js';
import { localPackages } from './files.js';

const PACKAGE = '@infercore/default-model';

/**
 * The folder of the default model: the package that is installed beside this one, or in the project that the process
 * runs in.
 *
 * @throws InferError NOT_FOUND with the command that brings it
 */
export function defaultModelFolder(): string {
  const packages = localPackages();
  for (const place of packages ? places() : []) {
    try {
      const found = packages?.createRequire(place).resolve(`${PACKAGE}/package.json`);
      if (found) return found.replace(/[\\/]package\.json$/, '');
    } catch {
      // Not there: the next place, and in the end the error below.
    }
  }
  throw new InferError({
    code: 'NOT_FOUND',
    message: packages
      ? `expected the default model, which is a package of its own: ${PACKAGE} is not installed`
      : 'expected the address of a model folder: a page has no default model',
    hint: packages
      ? `npm install ${PACKAGE}, or name a model folder`
      : `serve the folder of ${PACKAGE} and give its URL as second argument`,
  });
}

function places(): string[] {
  const node = (globalThis as { process?: { cwd?: () => string } }).process;
  return [import.meta.url, ...(node?.cwd ? [`${node.cwd()}/package.json`] : [])];
}
