/**
 * The interpreter of chat templates. The package's build has it inside, in exactly this version: bounded_jinja.ts watches
 * it from within.
 */
export { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
