/**
 * Files for tests in a page: what they do with node:fs, done here on their word. They read where they like in the
 * repository and write below build/browser alone.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { normalize, relative, sep } from 'node:path';
import { at, root } from '../../scripts/lib/act.mjs';

/** Where node:os of a page says that temporary files go; also written in page/node.ts. */
const TEMPORARY = 'build/browser/tmp';

const OPERATIONS = {
  exists: ({ path }) => existsSync(readable(path)),
  list: ({ path }) => readdirSync(readable(path)),
  makeTemporary: ({ path }) => {
    mkdirSync(at(TEMPORARY), { recursive: true });
    return relative(root, mkdtempSync(writable(path)));
  },
  write: ({ path, base64 }) => writeFileSync(writable(path), Buffer.from(base64, 'base64')),
  copy: ({ path, to }) => cpSync(readable(path), writable(to), { recursive: true }),
  remove: ({ path }) => rmSync(writable(path), { recursive: true }),
};

/** @param {{operation: keyof typeof OPERATIONS, path: string, to?: string, base64?: string}} request */
export function operate(request) {
  try {
    return { value: OPERATIONS[request.operation](request) };
  } catch (error) {
    return { error: String(error) };
  }
}

function readable(path) {
  const whole = normalize(at(path));
  if (!whole.startsWith(root + sep)) throw new Error(`${path} is outside of the repository`);
  return whole;
}

function writable(path) {
  const whole = normalize(at(path));
  if (!whole.startsWith(at(TEMPORARY) + sep)) throw new Error(`${path} is not below ${TEMPORARY}`);
  return whole;
}
