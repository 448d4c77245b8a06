/** What a back end would have: models in a cache, sessions with limits, requests of several kinds. */
import { join } from 'node:path';
import { InferenceSession, ModelCache, Tensor, Tokenizer, pipeline } from '../../dist/esm/node.js';
import { defaultModel } from '../lib/paths.mjs';
import { cosine } from '../lib/vectors.mjs';

const model = join(defaultModel, 'onnx', 'model.onnx');
const limits = { maxConcurrency: 2, maxQueue: 12 };
const output = 'sentence_embedding';

async function loadEncoder({ signal }) {
  const session = await InferenceSession.create(model, { ...limits, signal, intraOpNumThreads: 1 });
  const batched = session.batched({ maxBatch: 8, maxTokens: 512, maxConcurrency: 2, maxQueue: 12 });
  return { session, batched, dispose: () => session.dispose() };
}

const loadPipeline = ({ signal }) =>
  pipeline('feature-extraction', defaultModel, { ...limits, signal });

const LOADS = { encoder: loadEncoder, pipeline: loadPipeline };

const tensor = (ids, dims = [1, ids.length]) => new Tensor('int64', ids, dims);
const ones = (count) => new BigInt64Array(count).fill(1n);
const feedsOf = (ids) => ({ input_ids: tensor(ids), attention_mask: tensor(ones(ids.length)) });

/** Feeds and options that no session may take, each wrong in its own way. */
const BAD = [
  ({ ids }) => [{ input_ids: tensor(ids) }],
  ({ ids }) => [{ ...feedsOf(ids), input_idz: tensor(ids) }],
  ({ ids }) => [{ ...feedsOf(ids), attention_mask: tensor(ones(ids.length + 1)) }],
  ({ ids }) => [{ ...feedsOf(ids), input_ids: tensor(ids, [ids.length]) }],
  ({ ids }) => [{ ...feedsOf(ids), input_ids: new Tensor('float32', [1, 2], [1, 2]) }],
  ({ ids }) => [{ ...feedsOf(ids), input_ids: 'a text' }],
  ({ ids }) => [feedsOf(ids), { timeoutMs: -1 }],
  ({ ids }) => [feedsOf(ids), ['no_such_output']],
];

export class Service {
  #cache = new ModelCache();
  #texts;

  /** @param {string[]} texts what is asked for, again and again */
  static async open(texts) {
    const service = new Service();
    const tokenizer = await Tokenizer.from(defaultModel);
    service.#texts = texts.map((text) => ({
      text,
      ids: BigInt64Array.from(tokenizer.encode(text).ids.slice(0, 128), BigInt),
    }));
    tokenizer.dispose();
    await service.#with('encoder', async ({ session }) => {
      for (const each of service.#texts) {
        each.expected = Float32Array.from((await session.run(feedsOf(each.ids)))[output].data);
      }
    });
    return service;
  }

  /**
   * @param {string} kind one of KINDS @param {import('../lib/random.mjs').Random} random
   * @returns {Promise<boolean>} is the answer right?
   * @throws InferError, as the library does
   */
  async answer(kind, random) {
    const asked = this.#texts[random.below(this.#texts.length)];
    const vector =
      kind === 'text' ? await this.#embed(asked) : await this.#run(kind, asked, random);
    return cosine(vector, asked.expected) >= 0.9999;
  }

  /** A new version of a model; the requests under way keep the old one. */
  async reload(key, signal) {
    await this.#cache.replace(key, LOADS[key], { signal });
  }

  /** The next request of it loads it anew. */
  drop(key) {
    return this.#cache.delete(key);
  }

  close() {
    return this.#cache.dispose();
  }

  async #with(key, work) {
    const lease = await this.#cache.acquire(key, LOADS[key]);
    try {
      return await work(lease.value);
    } finally {
      lease.release();
    }
  }

  #embed({ text }) {
    return this.#with('pipeline', async (embed) => (await embed(text)).data);
  }

  #run(kind, asked, random) {
    const call = callOf(kind, asked, random);
    const together = kind === 'batched' || (kind !== 'run' && random.below(2) === 0);
    return this.#with('encoder', async ({ session, batched }) => {
      return (await (together ? batched : session).run(...call))[output].data;
    });
  }
}

/** The arguments of run. */
function callOf(kind, asked, random) {
  const feeds = feedsOf(asked.ids);
  if (kind === 'bad') return BAD[random.below(BAD.length)](asked);
  if (kind === 'timed out') return [feeds, { timeoutMs: 1 + random.below(10) }];
  if (kind !== 'aborted') return [feeds];
  const controller = new AbortController();
  setTimeout(() => controller.abort(), random.below(15));
  return [feeds, { signal: controller.signal }];
}
