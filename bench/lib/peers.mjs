/** The peers' packages, from bench/package.json. */
import { ensureNodeModules } from '../../scripts/lib/packages.mjs';

export function ensurePeers() {
  return ensureNodeModules(
    'bench',
    'the libraries that are measured beside infercore (480 MB, none ships)',
  );
}
