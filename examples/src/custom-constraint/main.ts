/** A custom constraint: the same model without it, and with the norm of every filter held at 0.5 or below. */
import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import { createEngine } from '@convoy/engine';
import { dense, flatten } from '@convoy/layers';
import { adam } from '@convoy/optimizers';
import { filterNorm } from './filter-norm.js';

// Stripes, lying (0) or standing (1), each image with a phase of its own.
const y = Uint8Array.from({ length: 256 }, (_, image) => image % 2);
const x = Float32Array.from({ length: 256 * 8 * 8 }, (_, i) => {
  const [image, row, column] = [Math.floor(i / 64), Math.floor(i / 8) % 8, i % 8];
  return Math.sin(image + 1.5 * (y[image] ? column : row));
});

await using engine = await createEngine({ backend: wasm() });
for (const kernelConstraint of [null, filterNorm({ limit: 0.5 })]) {
  const filters = conv2d({ filters: 4, kernelSize: 3, activation: 'relu', kernelConstraint, inputShape: [8, 8, 1] });
  const model = engine.sequential([filters, flatten(), dense({ units: 2 })]);
  model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: 'sparseCategoricalCrossentropy' });
  const { history } = await model.fit({ x, y }, { epochs: 5 });

  const squares = [0, 0, 0, 0];
  const kernel = await filters.weights[0].data();
  kernel.forEach((weight, i) => (squares[i % 4] += weight ** 2));
  const norms = squares.map((sum) => Math.sqrt(sum).toFixed(4)).join(', ');
  const title = kernelConstraint ? 'With the constraint' : 'Without';
  console.log(`${title}: loss ${history.loss[4].toFixed(4)}, norms of the filters ${norms}`);
}
