/** Parts of js/src that no entry point hands out, for tests of what only machines of another kind would show. */
import { buildSync } from 'esbuild';
import { fileURLToPath } from 'node:url';

/** The module `js/src/NAME.ts` with what it imports, as a copy of its own. */
export async function sourceModule<T>(name: string): Promise<T> {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`../../js/src/${name}.ts`, import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const text = encodeURIComponent(outputFiles[0]?.text ?? '');
  return (await import(`data:text/javascript,${text}`)) as T;
}
