/** Convoy as a peer: `node ours.js FOLDER THREADS BACKEND train|forward`. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { createEngine } from '@convoy/engine';
import { modelOf } from '../nets/model-of.js';
import type { Run } from './peer-process.js';
import type { Recipe } from './recipe.js';

const [folder, threads, backendName, work] = process.argv.slice(2);
const bytesOf = async (name: string): Promise<ArrayBuffer> => {
  const { buffer, byteOffset, byteLength } = await readFile(path.join(folder, name));
  return buffer.slice(byteOffset, byteOffset + byteLength);
};
const recipe = JSON.parse(await readFile(path.join(folder, 'recipe.json'), 'utf8')) as Recipe;
const { batchSize, batches, input, classes, layers, learningRate } = recipe;
const backend = backendName === 'js' ? js() : wasm();
const engine = await createEngine({ backend, workers: Number(threads), seed: 1 });
const model = modelOf(engine, { batchSize, input: input as [number, number, number], classes, layers }, learningRate);
const given = new Float32Array(await bytesOf('weights.f32'));
let from = 0;
for (const variable of model.weights) {
  if (variable.shape.length === 1) variable.assign(new Float32Array(variable.size));
  else variable.assign(given.subarray(from, (from += variable.size)));
}
const [x, y] = [new Float32Array(await bytesOf('x.f32')), new Int32Array(await bytesOf('y.i32'))];
const perImage = x.length / y.length;
let step = 0;

/** The next steps, through the batches in turn, as one pass over them. */
function rowsOf(steps: number): { x: Float32Array; y: Int32Array } {
  const rows = { x: new Float32Array(steps * batchSize * perImage), y: new Int32Array(steps * batchSize) };
  for (let i = 0; i < steps; i++, step++) {
    const at = (step % batches) * batchSize;
    rows.x.set(x.subarray(at * perImage, (at + batchSize) * perImage), i * batchSize * perImage);
    rows.y.set(y.subarray(at, at + batchSize), i * batchSize);
  }
  return rows;
}

async function train(steps: number): Promise<Run> {
  const losses: number[] = [];
  let seconds = Number.NaN;
  for await (const event of model.fit(rowsOf(steps), { batchSize, shuffle: false })) {
    if (event.type === 'step') losses.push(event.logs.loss);
    if (event.type === 'epochEnd') ({ seconds } = event);
  }
  return { milliseconds: 1000 * seconds, losses };
}

async function forward(steps: number): Promise<Run> {
  const rows = rowsOf(steps);
  const started = performance.now();
  const outputs = await model.predict(rows.x, { batchSize });
  const milliseconds = performance.now() - started;
  const data = (await outputs.data()) as Float32Array;
  const perStep = data.length / steps;
  const losses = Array.from({ length: steps }, (_, i) =>
    data.subarray(i * perStep, (i + 1) * perStep).reduce((sum, value) => sum + Math.abs(value), 0),
  );
  return { milliseconds, losses };
}

const version = backend.build === null ? backend.name : `${backend.name} ${backend.build}`;
console.log(JSON.stringify({ version, threads: engine.workers }));
for await (const line of createInterface({ input: process.stdin })) {
  const steps = Number(line);
  console.log(JSON.stringify(await (work === 'forward' ? forward(steps) : train(steps))));
}
