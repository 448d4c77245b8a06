import { fileURLToPath } from 'node:url';

/** The folder that holds config.json, tokenizer.json and onnx/model.onnx. */
export default fileURLToPath(new URL('.', import.meta.url)).replace(/[\\/]$/, '');
