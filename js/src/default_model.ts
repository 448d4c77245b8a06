import { InferError } from './error.js';

const PACKAGE = '@infercore/default-model';

interface NodeModule {
  createRequire(from: string): { resolve(name: string): string };
}
interface NodeProcess {
  getBuiltinModule?: (name: string) => unknown;
  cwd?: () => string;
}

/**
 * The folder of the default model: the package that is installed beside this one, or in the project that the process
 * runs in.
 *
 * @throws InferError NOT_FOUND with the command that brings it
 */
export function defaultModelFolder(): string {
  const node = (globalThis as { process?: NodeProcess }).process;
  const modules = node?.getBuiltinModule?.('node:module') as NodeModule | undefined;
  const places = [import.meta.url, ...(node?.cwd ? [`${node.cwd()}/package.json`] : [])];
  for (const place of modules ? places : []) {
    try {
      const found = modules?.createRequire(place).resolve(`${PACKAGE}/package.json`);
      if (found) return found.replace(/[\\/]package\.json$/, '');
    } catch {
      // Not there: the next place, and in the end the error below.
    }
  }
  throw new InferError({
    code: 'NOT_FOUND',
    message: modules
      ? `expected the default model, which is a package of its own: ${PACKAGE} is not installed`
      : 'expected the address of a model folder: a page has no default model',
    hint: modules
      ? `npm install ${PACKAGE}, or name a model folder`
      : `serve the folder of ${PACKAGE} and give its URL as second argument`,
  });
}
