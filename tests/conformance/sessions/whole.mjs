/** Whole programs, as they are written around onnxruntime: prepare, run, make sense of the outputs. */

const softmax = (values) => {
  const most = Math.max(...values);
  const powers = Array.from(values, (value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};
const argmax = (values) => values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
/** A picture that is the same everywhere. */
const pixels = (count, seed) =>
  Uint8ClampedArray.from({ length: count }, (_, i) => (i * 37 + seed * 101 + (i % 7) * i) % 256);

/** Loads once, sorts several pictures in one batch. */
async function digits(ort, files) {
  const session = await ort.InferenceSession.create(await files.model('tasks/digits.onnx'));
  const side = 28;
  const pictures = [1, 2, 3].map((seed) => pixels(side * side * 4, seed));
  const data = new Float32Array(pictures.length * side * side);
  pictures.forEach((rgba, n) => {
    for (let i = 0; i < side * side; i += 1) {
      const [r, g, b] = rgba.subarray(4 * i, 4 * i + 3);
      data[n * side * side + i] = ((r + g + b) / 3 / 255 - 0.1307) / 0.3081;
    }
  });
  const [input] = session.inputNames;
  const feeds = { [input]: new ort.Tensor('float32', data, [pictures.length, 1, side, side]) };
  const output = (await session.run(feeds))[session.outputNames[0]];
  const [count, classes] = output.dims;
  const results = [];
  for (let i = 0; i < count; i += 1) {
    const probabilities = softmax(output.data.slice(i * classes, (i + 1) * classes));
    const digit = argmax(probabilities);
    results.push({ digit, probability: probabilities[digit] });
  }
  await session.release();
  return results;
}

function overlap(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const shared = Math.max(0, width) * Math.max(0, height);
  const area = ({ left, top, right, bottom }) => (right - left) * (bottom - top);
  return shared / (area(a) + area(b) - shared);
}

/** Boxes by their best class, the best of those that overlap. */
async function detector(ort, files) {
  const session = await ort.InferenceSession.create(await files.model('tasks/detector.onnx'), {
    graphOptimizationLevel: 'all',
  });
  const [, channels, height, width] = session.inputMetadata[0].shape;
  const rgba = pixels(width * height * 4, 5);
  const data = new Float32Array(channels * width * height);
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < channels; c += 1) data[c * width * height + i] = rgba[4 * i + c] / 255;
  }
  const images = new ort.Tensor('float32', data, [1, channels, height, width]);
  const { output0 } = await session.run({ images });
  const [, rows, columns] = output0.dims;
  const at = (row, column) => output0.data[row * columns + column];
  const boxes = [];
  for (let i = 0; i < columns; i += 1) {
    const scores = Array.from({ length: rows - 4 }, (_, c) => at(4 + c, i));
    const label = argmax(scores);
    if (scores[label] < 0.5) continue;
    const [x, y, w, h] = [0, 1, 2, 3].map((row) => at(row, i));
    const box = { left: x - w / 2, top: y - h / 2, right: x + w / 2, bottom: y + h / 2 };
    boxes.push({ ...box, label, score: scores[label] });
  }
  boxes.sort((a, b) => b.score - a.score);
  const kept = [];
  for (const box of boxes) {
    if (kept.every((other) => other.label !== box.label || overlap(other, box) < 0.45)) {
      kept.push(box);
    }
  }
  await session.release();
  return { found: boxes.length, kept };
}

/** The best start and end within the text, of a batch with padding. */
async function answers(ort, files) {
  const session = await ort.InferenceSession.create(await files.model('tasks/answers.onnx'));
  const [cls, sep] = [1, 2];
  const pairs = [
    [
      [5, 6, 7],
      [10, 11, 12, 13, 14, 15],
    ],
    [
      [8, 9],
      [20, 21, 22],
    ],
  ];
  const rows = pairs.map(([question, text]) => ({
    ids: [cls, ...question, sep, ...text, sep],
    textAt: question.length + 2,
    textLength: text.length,
  }));
  const length = Math.max(...rows.map(({ ids }) => ids.length));
  const filled = (of) =>
    BigInt64Array.from(rows.flatMap((row) => Array.from({ length }, (_, i) => BigInt(of(row, i)))));
  const dims = [rows.length, length];
  const feeds = {
    input_ids: new ort.Tensor(
      'int64',
      filled(({ ids }, i) => ids[i] ?? 0),
      dims,
    ),
    attention_mask: new ort.Tensor(
      'int64',
      filled(({ ids }, i) => (i < ids.length ? 1 : 0)),
      dims,
    ),
    token_type_ids: new ort.Tensor(
      'int64',
      filled(({ ids, textAt }, i) => (i >= textAt && i < ids.length ? 1 : 0)),
      dims,
    ),
  };
  const { start_logits, end_logits } = await session.run(feeds, ['start_logits', 'end_logits']);
  return rows.map(({ ids, textAt, textLength }, row) => {
    let best = { score: -Infinity };
    for (let start = textAt; start < textAt + textLength; start += 1) {
      for (let end = start; end < textAt + textLength; end += 1) {
        const score = start_logits.data[row * length + start] + end_logits.data[row * length + end];
        if (score > best.score) best = { score, answer: ids.slice(start, end + 1) };
      }
    }
    return best;
  });
}

/** Rows of a table, by name of the output and by its place. */
async function table(ort, files) {
  const session = await ort.InferenceSession.create(await files.model('tasks/iris.onnx'));
  const rows = [
    [5.1, 3.5, 1.4, 0.2],
    [6.2, 2.9, 4.3, 1.3],
  ];
  const float_input = new ort.Tensor('float32', rows.flat(), [rows.length, 4]);
  const both = await session.run({ float_input });
  const { label } = await session.run({ float_input }, ['label']);
  const columns = both.probabilities.dims[1];
  return rows.map((_, i) => ({
    label: label.data[i],
    same: both.label.data[i] === label.data[i],
    probabilities: both.probabilities.data.slice(i * columns, (i + 1) * columns),
  }));
}

/** Of a classifier with maps, the labels alone. */
async function labels(ort, files) {
  const session = await ort.InferenceSession.create(await files.model('classifier.onnx'));
  const x = new ort.Tensor('float32', [0.1, 0.2, 0.9, 3, 2, 1], [2, 3]);
  const { label } = await session.run({ x }, ['label']);
  return Array.from(label.data, Number);
}

/** Greedy, with keys and values of each call fed to the next. */
async function generation(ort, files) {
  const session = await ort.InferenceSession.create(await files.model('tasks/decoder.onnx'));
  const integers = (values) => {
    return new ort.Tensor('int64', BigInt64Array.from(values.map(BigInt)), [1, values.length]);
  };
  const nothing = () => new ort.Tensor('float32', new Float32Array(0), [1, 2, 0, 8]);
  let cache = { 'past.key': nothing(), 'past.value': nothing() };
  const prompt = [3, 14, 15];
  const generated = [];
  const scores = [];
  let next = prompt;
  while (generated.length < 12) {
    const total = prompt.length + generated.length;
    const results = await session.run({
      input_ids: integers(next),
      attention_mask: integers(new Array(total).fill(1)),
      ...cache,
    });
    const { logits } = results;
    const [, sequence, vocabulary] = logits.dims;
    const last = logits.data.subarray((sequence - 1) * vocabulary, sequence * vocabulary);
    const id = argmax(last);
    generated.push(id);
    scores.push(last[id]);
    cache = { 'past.key': results['present.key'], 'past.value': results['present.value'] };
    next = [id];
  }
  return { generated, scores, cached: cache['past.key'].dims };
}

export const programs = {
  'pictures: which digit': digits,
  'pictures: boxes, and which to keep': detector,
  'a question and a text: where the answer stands': answers,
  'a table: labels and probabilities': table,
  'a classifier with maps: labels alone': labels,
  'text that grows: keys and values kept': generation,
};
