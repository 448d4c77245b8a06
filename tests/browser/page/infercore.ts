/**
 * The library as the setting of this page wants it: what a test leaves open of a session's options, the setting decides.
 */
import {
  createService as makeService,
  InferenceSession as Session,
  pipeline as makePipeline,
} from 'infercore';
import type { PipelineOptions, TensorServiceOptions } from 'infercore';

export * from 'infercore';

const isOptions = (value: unknown): value is object =>
  Object.prototype.toString.call(value) === '[object Object]';

/** Options stand last, after the model and perhaps the numbers that say which part of a buffer it is. */
function withDefaults([model, ...rest]: readonly unknown[]): unknown[] {
  const last = rest.at(-1);
  if (isOptions(last)) return [model, ...rest.slice(0, -1), { ...PLACE.options, ...last }];
  const open = rest.every((arg) => typeof arg === 'number');
  return open ? [model, ...rest, PLACE.options] : [model, ...rest];
}

type Create = (...args: unknown[]) => Promise<Session>;
const create: Create = (...args) =>
  (Session.create.bind(Session) as unknown as Create)(...withDefaults(args));

export const InferenceSession = new Proxy(Session, {
  get: (target, name) => (name === 'create' ? create : (Reflect.get(target, name) as unknown)),
});

export const pipeline = (
  task: 'feature-extraction',
  model?: string | URL,
  options?: PipelineOptions,
) => makePipeline(task, model, { ...PLACE.options, ...options });

export const createService = ((options: TensorServiceOptions) =>
  makeService(
    isOptions(options) ? { ...PLACE.options, ...options } : options,
  )) as typeof makeService;
