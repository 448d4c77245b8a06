import { pipeline, search } from 'infercore';

const SENTENCES = ['It rained all day.', 'The team won the final.', 'She bakes bread on Sundays.'];
const output = document.querySelector('output');
if (!output) throw new Error('the page has no <output>');
// In a worker, so that the page never stands still; with ?worker=no in the page itself.
const worker = !location.search.includes('worker=no');

try {
  // The folder `model` beside the page: the package @infercore/default-model, or any other.
  const folder = new URL('model', document.baseURI);
  const embed = await pipeline('feature-extraction', folder, { worker });
  const index = await embed(SENTENCES);
  const query = await embed('The weather was terrible.');
  const { indices } = await search(query.data as Float32Array, index.data as Float32Array, {
    dimensions: 512,
    k: 1,
  });
  output.textContent = SENTENCES[indices[0] ?? -1] ?? 'nothing';
} catch (error) {
  output.textContent = String(error);
}
