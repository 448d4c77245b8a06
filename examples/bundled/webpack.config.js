import { readFileSync } from 'node:fs';
import webpack from 'webpack';

/** The page beside the program, which it names as it is built. */
const page = {
  apply: ({ hooks }) =>
    hooks.thisCompilation.tap('page', (compilation) => {
      const html = readFileSync('index.html', 'utf8').replace('main.ts', 'main.js');
      compilation.emitAsset('index.html', new webpack.sources.RawSource(html));
    }),
};

export default {
  mode: 'production',
  entry: './main.ts',
  experiments: { outputModule: true },
  output: { module: true, filename: 'main.js', clean: true },
  resolve: { extensions: ['.ts', '.js'] },
  // onnxruntime-web is larger than webpack likes; it is loaded when a session is made.
  performance: { hints: false },
  module: { rules: [{ test: /\.ts$/, loader: 'ts-loader' }] },
  plugins: [page],
};
