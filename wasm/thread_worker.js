/* global Module -- this is a part of the glue */
// The loader makes the threads (js/src/wasm_threads.ts), so that it hears of a script that fails.
// eslint-disable-next-line no-unused-vars
var Worker = Module['Worker'];
