/** In place of `node:worker_threads`: a web worker is ended by whoever started it. */
export const parentPort = null;
