/**
 * The addon's exports, the WebAssembly module's exports and the interfaces CoreBinding and NativeBinding agree.
 * Answers a list of faults. Members of the handles are compared too: a class by the names on its prototype.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { at } from '../lib/act.mjs';
import { platformPackage } from '../lib/needs.mjs';

/** The member names of every interface of binding.ts, inherited ones not included. */
async function declaredInterfaces() {
  const { default: ts } = await import('typescript');
  const { readFileSync } = await import('node:fs');
  const file = at('js', 'src', 'binding.ts');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  const interfaces = new Map();
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node)) {
      interfaces.set(
        node.name.text,
        node.members.map((member) => member.name?.getText(source) ?? ''),
      );
    }
  });
  return interfaces;
}

function compare(what, expected, found) {
  const missing = expected.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !expected.includes(name));
  return [
    ...missing.map((name) => `${what} lacks ${name}, which binding.ts declares`),
    ...extra.map((name) => `${what} has ${name}, which binding.ts does not declare`),
  ];
}

const membersOf = (handle) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(handle)).filter(
    (name) => name !== 'constructor',
  );

/** @returns {Promise<string[]>} */
export async function checkExports() {
  const interfaces = await declaredInterfaces();
  const core = interfaces.get('CoreBinding');
  const native = interfaces.get('NativeBinding');
  const addon = createRequire(import.meta.url)(join(platformPackage, 'infercore.node'));
  const { loadWasmCore } = await import(at('dist', 'esm', 'wasm_core.js'));
  const { binding: wasm } = await loadWasmCore();
  return [
    ...compare('the addon', [...core, ...native], Object.keys(addon)),
    ...compare('the WebAssembly module', core, Object.keys(wasm)),
    ...compare('Cancellation', interfaces.get('Cancellation'), membersOf(new addon.Cancellation())),
  ];
}
