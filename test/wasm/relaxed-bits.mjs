// Prints the build that this Node takes, and the weights of a small run with one, two and three workers.
import { createHash } from 'node:crypto';
import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import { createEngine } from '@convoy/engine';
import { dense, flatten, maxPooling2d } from '@convoy/layers';
import { adam } from '@convoy/optimizers';

const x = Float32Array.from({ length: 48 * 144 }, (_, i) => Math.sin(i));
const y = Int32Array.from({ length: 48 }, (_, i) => i % 4);
const results = [];
for (const workers of [1, 2, 3]) {
  const engine = await createEngine({ backend: wasm(), workers, seed: 3 });
  const model = engine.sequential([
    conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [12, 12, 1] }),
    conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    flatten(),
    dense({ units: 4 }),
  ]);
  model.compile({ optimizer: adam(), loss: 'sparseCategoricalCrossentropy' });
  await model.fit({ x, y }, { epochs: 2, batchSize: 16, shards: 2 });
  const hash = createHash('sha256');
  for (const weights of model.weights) hash.update(weights.dataSync());
  results.push(hash.digest('hex'));
  await engine.dispose();
}
console.log(JSON.stringify([wasm().build, ...results]));
