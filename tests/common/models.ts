/** What the session's tests share beside model_paths.ts, failure.ts and surroundings.ts. */
import { expect } from '@jest/globals';
import type { ErrorCode, InferError } from 'infercore';
import { readFileSync } from 'node:fs';
import { failure } from './failure';
import { testModel } from './model_paths';

/** The path of a small model: `model('add')`. */
export function model(name: string): string {
  return testModel(`${name}.onnx`);
}

export function modelBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(model(name)));
}

/** The InferError that `work` fails with; fails itself when there is none, or of another code. */
export async function errorOf(work: Promise<unknown>, code: ErrorCode): Promise<InferError> {
  const error = await failure(work);
  expect(error.code).toBe(code);
  return error;
}

/** The messages of all its faults. */
export async function faultsOf(work: Promise<unknown>, code: ErrorCode): Promise<string[]> {
  const error = await errorOf(work, code);
  return (error.faults ?? []).map(({ message }) => message);
}
