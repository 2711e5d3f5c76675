/** A custom op with kernels of its own: a network that doubles the size of images, against repeating each pixel. */
import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import { createEngine } from '@convoy/engine';
import { adam } from '@convoy/optimizers';
import { depthToSpace } from './depth-to-space.js';

// Waves of 16×16 pixels, and the same with every second row and column left out.
const place = (i: number, size: number) => [Math.floor(i / size ** 2), Math.floor(i / size) % size, i % size];
const waves = (size: number, step: number) =>
  Float32Array.from({ length: 256 * size ** 2 }, (_, i) => {
    const [image, row, column] = place(i, size);
    return Math.sin(image + 0.4 * step * row + 0.3 * step * column);
  });
const [x, y] = [waves(8, 2), waves(16, 1)];

// No list of plugins: an op knows its plugin, and the plugin where its kernels are.
await using engine = await createEngine({ backend: wasm() });
const small = engine.input({ shape: [8, 8, 1] });
const deep = conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(small);
const model = engine.model({ inputs: small, outputs: depthToSpace(deep, { block: 2 }) });
model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: 'meanSquaredError' });
await model.fit({ x, y }, { epochs: 30 });

const { loss } = await model.evaluate({ x, y });
const repeated = y.reduce((sum, value, i) => {
  const [image, row, column] = place(i, 16);
  return sum + (value - x[image * 64 + (row >> 1) * 8 + (column >> 1)]) ** 2 / y.length;
}, 0);
console.log(`Mean squared error: ${repeated.toFixed(4)} with repeated pixels, ${loss.toFixed(4)} with depthToSpace`);
