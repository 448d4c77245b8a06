/** Which files passed a check as they are now, kept in build/lint between runs. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { at } from './act.mjs';

const hash = (...parts) =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest('hex');

export class Stamps {
  #path;
  #shared;
  #passed;

  /** @param {string[]} shared files that every check depends on */
  constructor(name, shared) {
    mkdirSync(at('build', 'lint'), { recursive: true });
    this.#path = at('build', 'lint', `${name}.json`);
    this.#shared = hash(...shared.sort().map((file) => readFileSync(file)));
    this.#passed = existsSync(this.#path) ? JSON.parse(readFileSync(this.#path, 'utf8')) : {};
  }

  #key(file) {
    return hash(this.#shared, readFileSync(file));
  }

  has(file) {
    return this.#passed[file] === this.#key(file);
  }

  add(file) {
    this.#passed[file] = this.#key(file);
    writeFileSync(this.#path, JSON.stringify(this.#passed));
  }
}
