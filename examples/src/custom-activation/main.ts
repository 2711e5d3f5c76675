/** A custom activation: used by name, saved with its model, and loaded again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wasm } from '@convoy/backend-wasm';
import { conv2d, conv2dPlugin } from '@convoy/conv2d';
import { createEngine } from '@convoy/engine';
import { dense, flatten, layersPlugin } from '@convoy/layers';
import { adam, optimizersPlugin } from '@convoy/optimizers';
import { mishPlugin } from './mish.js';

// Stripes, lying (0) or standing (1), each image with a phase of its own.
const y = Uint8Array.from({ length: 256 }, (_, image) => image % 2);
const x = Float32Array.from({ length: 256 * 8 * 8 }, (_, i) => {
  const [image, row, column] = [Math.floor(i / 64), Math.floor(i / 8) % 8, i % 8];
  return Math.sin(image + 1.5 * (y[image] ? column : row));
});

const plugins = [mishPlugin, conv2dPlugin, layersPlugin, optimizersPlugin];
await using engine = await createEngine({ backend: wasm(), plugins });
const model = engine.sequential([
  conv2d({ filters: 8, kernelSize: 3, activation: 'mish', inputShape: [8, 8, 1] }),
  flatten(),
  dense({ units: 2 }),
]);
model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });

const { loss: before } = await model.evaluate({ x, y });
await model.fit({ x, y }, { epochs: 5 });
const { loss: after } = await model.evaluate({ x, y });
console.log(`Loss with mish: ${before.toFixed(4)} before training, ${after.toFixed(4)} after`);

const folder = await mkdtemp(path.join(tmpdir(), 'custom-activation-'));
await model.save(folder);
const loaded = await engine.load(folder);
await rm(folder, { recursive: true });
const [expected, actual] = [await model.predict(x), await loaded.predict(x)].map((output) => output.dataSync());
console.log(`The loaded model predicts the same: ${expected.every((value, i) => value === actual[i])}`);
