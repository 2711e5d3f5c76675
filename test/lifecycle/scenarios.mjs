// What a script may do with an engine, and must then end by itself: `node scenarios.mjs NAME`.
import { setTimeout } from 'node:timers/promises';
import { wasm } from '@convoy/backend-wasm';
import { createEngine, defineBackend } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';

const ROWS = 6400;
const data = { x: Float32Array.from({ length: ROWS }, (_, i) => (i % 10) / 10), y: new Float32Array(ROWS) };
const soon = { epochs: 1, batchSize: 64 };
/** Longer than any test waits. */
const forever = { epochs: 1e6, batchSize: 64 };

/** The wasm backend, disturbed by one of the kernel modules in fixtures. */
function disturbed(name, options) {
  return defineBackend({
    name,
    kernels: new URL(`../fixtures/kernels/${name}.mjs`, import.meta.url),
    options: { base: wasm().modules[0], words: new Int32Array(new SharedArrayBuffer(8)), ...options },
  });
}

async function engineAndModel(backend = wasm()) {
  const engine = await createEngine({ backend, workers: 2 });
  const model = engine.sequential([dense({ units: 1, inputShape: [1] })]);
  model.compile({ optimizer: sgd({ learningRate: 0.001 }), loss: 'meanSquaredError' });
  return { engine, model };
}

/** Threads and handles of the event loop that this process has, those that do not keep it alive included. */
function held() {
  const { workers, libuv } = process.report.getReport();
  // The standard streams open at their first use, also by a thread. Of each thread that has ended, Node 22 and later keep
  // a timer that holds nobody.
  const ours = libuv.filter(({ type, is_referenced }) => type !== 'pipe' && (type !== 'timer' || is_referenced));
  return { threads: workers.length, handles: ours.length };
}

async function disposing(use, backend) {
  const before = held();
  const { engine, model } = await engineAndModel(backend);
  // Starts the threads. They are counted now: how many are left after a failure depends on its moment.
  await model.predict(data.x.subarray(0, 1));
  const during = held();
  try {
    await use(model, engine);
  } finally {
    await engine.dispose();
    // Handles close in later turns of the event loop.
    for (let turns = 0; turns < 100 && held().handles > before.handles; turns++) await setTimeout(10);
    console.log(JSON.stringify({ before, during, after: held() }));
  }
}

async function undisposed(use) {
  const { model } = await engineAndModel();
  await use(model);
}

async function abortAfterOneStep(model) {
  const controller = new AbortController();
  for await (const event of model.fit(data, { ...forever, signal: controller.signal })) {
    if (event.type === 'step') controller.abort();
  }
}

async function leaveAfterOneStep(model) {
  for await (const event of model.fit(data, forever)) if (event.type === 'step') break;
}

async function throwInCallback(model) {
  const onFence = () => {
    throw new Error('the callback fails on purpose');
  };
  await model.fit(data, { ...forever, stepsPerFence: 3, callbacks: { onFence } });
}

async function abortWhileStreamStalls(model) {
  const controller = new AbortController();
  async function* stream() {
    yield { x: data.x.subarray(0, 64), y: data.y.subarray(0, 64) };
    void setTimeout(100).then(() => controller.abort());
    await new Promise(() => {});
  }
  await model.fit(stream, { ...soon, signal: controller.signal });
}

async function disposeWhileEvaluationStalls(model, engine) {
  async function* stream() {
    yield { x: data.x.subarray(0, 64), y: data.y.subarray(0, 64) };
    void setTimeout(100).then(() => engine.dispose());
    await new Promise(() => {});
  }
  await model.evaluate(stream, { batchSize: 64 });
}

const scenarios = {
  success: () => disposing((model) => model.fit(data, soon)),
  'failing kernel': () => disposing((model) => model.fit(data, forever), disturbed('failing', { step: 10 })),
  abort: () => disposing(abortAfterOneStep),
  break: () => disposing(leaveAfterOneStep),
  'failing callback': () => disposing(throwInCallback),
  'refused data': () => disposing((model) => model.fit({ x: data.x, y: data.y.subarray(1) })),
  'dying worker': () => disposing((model) => model.fit(data, soon), disturbed('dying', { step: 10, times: 1 })),
  'workers that always die': () =>
    disposing((model) => model.fit(data, soon), disturbed('dying', { step: 10, times: Infinity })),
  'abort while the stream stalls': () => disposing(abortWhileStreamStalls),
  'dispose while an evaluation stalls': () => disposing(disposeWhileEvaluationStalls),
  'dispose in a callback': () =>
    disposing((model, engine) => model.fit(data, { ...soon, callbacks: { onEpochEnd: () => engine.dispose() } })),
  'fit in a callback': () =>
    disposing((model) =>
      model.fit(data, { ...soon, callbacks: { onEpochEnd: async () => void (await model.fit(data, soon)) } }),
    ),
  'calls after dispose': async () => {
    const { engine, model } = await engineAndModel();
    await engine.dispose();
    const refusals = [];
    for (const call of ['fit', 'evaluate', 'predict', 'predictAll']) {
      try {
        await model[call](call.startsWith('predict') ? data.x : data);
      } catch (error) {
        refusals.push(error.code);
      }
    }
    // Time for threads that a call started behind its refusal.
    await setTimeout(200);
    console.log(JSON.stringify({ refusals, after: held() }));
  },
  'undisposed success': () => undisposed((model) => model.fit(data, soon)),
  'undisposed abort': () => undisposed(abortAfterOneStep),
  'undisposed break': () => undisposed(leaveAfterOneStep),
  'undisposed failure': () => undisposed((model) => model.fit({ x: data.x, y: data.y.subarray(1) })),
  'process.exit while training': () =>
    undisposed(async (model) => {
      for await (const event of model.fit(data, forever)) if (event.type === 'step') process.exit(7);
    }),
};

await scenarios[process.argv[2]]();
