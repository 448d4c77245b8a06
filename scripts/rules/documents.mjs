/** Every path that a document names exists. Answers a list of faults. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at } from '../lib/act.mjs';
import { repositoryFiles } from '../lib/files.mjs';

/** What a build makes is named too, and need not be there. */
const MADE = /^(build|dist|demo\/dist)(\/|$)|node_modules/;
const TOP = /^(core|native|wasm|js|tests|bench|demo|models|npm|docs|examples|scripts)\/[\w./-]*$/;

/** @returns {string[]} */
export function checkDocuments() {
  return repositoryFiles(/\.md$/).flatMap(faultsOf);
}

function faultsOf(document) {
  const text = readFileSync(at(document), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => join(dirname(document), link));
  const named = [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, name]) => name)
    .filter((name) => TOP.test(name) && !MADE.test(name) && !/[A-Z]{3}/.test(name));
  return [...links, ...named]
    .filter((path) => !existsSync(at(path)))
    .map((path) => `${document} names ${path}, which is not there`);
}
