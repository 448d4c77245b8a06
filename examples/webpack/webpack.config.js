export default {
  mode: 'production',
  entry: './main.ts',
  experiments: { outputModule: true },
  output: { module: true, filename: 'main.js', clean: true },
  resolve: { extensions: ['.ts', '.js'] },
  // onnxruntime-web is larger than webpack likes; it is loaded when a session is made.
  performance: { hints: false },
  module: { rules: [{ test: /\.ts$/, loader: 'ts-loader' }] },
};
