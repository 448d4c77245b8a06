/** The folder that holds config.json, tokenizer.json and onnx/model.onnx. */
module.exports = __dirname;
