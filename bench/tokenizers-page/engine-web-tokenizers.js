/** Its script looks for Node where a bundler reads it: here it comes as scripts do that nobody bundles. */
export async function open(file) {
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/web-tokenizers/index.js';
    script.onload = resolve;
    script.onerror = () => reject(new Error('no script'));
    document.head.append(script);
  });
  const tokenizer = await globalThis.tokenizers.Tokenizer.fromJSON(file);
  return { encode: (text) => tokenizer.encode(text) };
}
