/** All programs, in groups that share one process or page. */
import * as namespace from './namespace.mjs';
import * as options from './options.mjs';
import * as sessions from './sessions.mjs';
import * as settings from './settings.mjs';
import * as tensors from './tensors.mjs';
import * as whole from './whole.mjs';

const MODULES = { tensors, sessions, options, namespace, whole, ...settings };

export const GROUPS = Object.keys(MODULES);

/**
 * @param {string} group
 * @param {'node' | 'web' | 'page'} place onnxruntime-node, or onnxruntime-web in Node or in a page
 * @returns {[name: string, program: Function, fails: boolean][]}
 */
export function programsOf(group, place) {
  const { programs, nodePrograms, webPrograms, pagePrograms, wrong, wrongInPages } = MODULES[group];
  const list = (some, fails) =>
    Object.entries(some ?? {}).map(([name, program]) => [name, program, fails]);
  const inPage =
    place === 'page' ? [...list(pagePrograms, false), ...list(wrongInPages, true)] : [];
  const own = place === 'node' ? nodePrograms : webPrograms;
  return [...list(programs, false), ...list(own, false), ...inPage, ...list(wrong, true)];
}
