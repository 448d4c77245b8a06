/** What the schema that is published says of a result. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';

const SCHEMA = join(process.cwd(), 'dist', 'bench-result.schema.json');
const check = new Ajv({ allErrors: true }).compile(
  JSON.parse(readFileSync(SCHEMA, 'utf8')) as object,
);

/** What is wrong with the result as it is written; empty when nothing is. */
export function schemaFaults(result: unknown): unknown[] {
  check(JSON.parse(JSON.stringify(result)));
  return check.errors ?? [];
}
