/**
 * Answers that a server should not give for a model, one a path: tests in Node and in pages ask for the same ones.
 *
 *     createServer(hostile(bytesOfAModel))   →   /add.onnx  /page.onnx  /cut.onnx  …
 */
const HTML = '<!DOCTYPE html>\n<html><title>404</title></html>';
/** How many bytes of the model come before it goes wrong. */
const PART = 50;

/** @type {Record<string, (response: import('node:http').ServerResponse, model: Uint8Array) => void>} */
const ANSWERS = {
  '/add.onnx': (response, model) => {
    response.setHeader('content-length', model.length);
    response.end(model);
  },
  '/page.onnx': (response) => {
    response.setHeader('content-type', 'text/html');
    response.end(HTML);
  },
  '/error.onnx': (response) => {
    response.statusCode = 503;
    response.end('busy');
  },
  '/cut.onnx': (response, model) => {
    response.setHeader('content-length', model.length);
    response.write(model.subarray(0, PART));
    setTimeout(() => response.destroy(), 20);
  },
  // A header that promises less than there is: only that much arrives.
  '/short.onnx': (response, model) => {
    response.setHeader('content-length', PART);
    response.end(model.subarray(0, PART));
  },
  '/never.onnx': (response, model) => {
    response.write(model.subarray(0, PART));
  },
  '/slow.onnx': async (response, model) => {
    response.setHeader('content-length', model.length);
    const step = Math.ceil(model.length / 5);
    for (let start = 0; start < model.length; start += step) {
      response.write(model.subarray(start, start + step));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    response.end();
  },
};

/**
 * @param {Uint8Array} model
 * @returns {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void}
 */
export function hostile(model) {
  return (request, response) => {
    const answer = ANSWERS[request.url ?? ''];
    if (answer) return answer(response, model);
    response.statusCode = 404;
    response.setHeader('content-type', 'text/html');
    response.end(HTML);
  };
}
