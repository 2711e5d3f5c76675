/** A custom layer with weights: trained between other layers, saved with its options, and loaded again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wasm } from '@convoy/backend-wasm';
import { conv2d, conv2dPlugin } from '@convoy/conv2d';
import { createEngine } from '@convoy/engine';
import { dense, flatten, layersPlugin } from '@convoy/layers';
import { adam, optimizersPlugin } from '@convoy/optimizers';
import { squeezeExcite, squeezeExcitePlugin } from './squeeze-excite.js';

// Waves in four channels; the label is the channel that is brighter than the others.
const y = Uint8Array.from({ length: 256 }, (_, image) => image % 4);
const x = Float32Array.from({ length: 256 * 6 * 6 * 4 }, (_, i) => {
  const [image, channel] = [Math.floor(i / 144), i % 4];
  return Math.sin(i * i) + (channel === y[image] ? 0.5 : 0);
});

const plugins = [squeezeExcitePlugin, conv2dPlugin, layersPlugin, optimizersPlugin];
await using engine = await createEngine({ backend: wasm(), plugins });
const model = engine.sequential([
  squeezeExcite({ units: 2, inputShape: [6, 6, 4] }),
  conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
  flatten(),
  dense({ units: 4 }),
]);
model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });

const { loss: before } = await model.evaluate({ x, y });
await model.fit({ x, y }, { epochs: 5 });
const { loss: after } = await model.evaluate({ x, y });
console.log(model.summary());
console.log(`Loss: ${before.toFixed(4)} before training, ${after.toFixed(4)} after`);

const folder = await mkdtemp(path.join(tmpdir(), 'custom-layer-'));
await model.save(folder);
const loaded = await engine.load(folder);
await rm(folder, { recursive: true });
const [expected, actual] = [await model.predict(x), await loaded.predict(x)].map((output) => output.dataSync());
console.log(`The loaded model predicts the same: ${expected.every((value, i) => value === actual[i])}`);
