/** The folder that holds config.json, tokenizer.json and onnx/model.onnx: an absolute path. */
declare const directory: string;
export default directory;
