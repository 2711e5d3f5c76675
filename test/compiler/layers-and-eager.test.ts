import { js } from '@convoy/backend-js';
import { conv2d, ops } from '@convoy/conv2d';
import {
  abs,
  add,
  createEngine,
  defineLayer,
  exp,
  greater,
  Layer,
  log1p,
  matmul,
  max,
  mul,
  neg,
  reduceSum,
  relu,
  reshape,
  select,
  sigmoid,
  softmax,
  stopGradient,
  sub,
  tanh,
  type SymbolicTensor,
  type Tensor,
} from '@convoy/engine';
import { dense, flatten, maxPooling2d, ops as pooling } from '@convoy/layers';
import { afterAll, expect, test } from 'vitest';
import { digest } from '../fixtures/tiny.js';

const engine = await createEngine({ backend: js(), workers: 2 });
afterAll(() => engine.dispose());

/** Ops take tensors of either kind, so a computation written for a graph runs op by op on concrete ones. */
function eagerly(computation: (x: SymbolicTensor) => SymbolicTensor, x: Tensor): Tensor {
  return (computation as (x: unknown) => unknown)(x) as Tensor;
}

/** Steps over [batch, 3, 4] that fuse, with broadcasts of [batch, 3, 1], [4] and scalars. */
function chain(x: SymbolicTensor): SymbolicTensor {
  const rowSums = reduceSum(x, { axes: [2], keepDims: true });
  const centred = sub(x, mul(rowSums, 0.25));
  const gate = sigmoid(add(mul(centred, 1.7), 0.3));
  const kept = select(greater(centred, 0.1), tanh(centred), neg(gate));
  const stopped = stopGradient(exp(neg(abs(kept))));
  const soft = log1p(max(stopped, mul(gate, gate)));
  return softmax(relu(add(soft, mul(rowSums, 1e-3))));
}

class Chain extends Layer {
  call(x: SymbolicTensor): SymbolicTensor {
    return chain(x);
  }
}
const chainLayer = defineLayer('chain', Chain);

const EXAMPLES = 37;
const values = Float32Array.from({ length: EXAMPLES * 12 }, (_, i) => 3 * Math.sin(i * 1.618));

test('a chain of ops has the same bits op by op, as one layer, and in a model cut into batches and shards', async () => {
  const x = engine.tensor(values, [EXAMPLES, 3, 4]);
  const expected = eagerly(chain, x);
  expect(new Set(expected.dataSync()).size).toBeGreaterThan(100);
  expect(digest(chainLayer().apply(x).dataSync())).toBe(digest(expected.dataSync()));
  const model = engine.sequential([chainLayer({ inputShape: [3, 4] })]);
  for (const batchSize of [1, 16, 64]) {
    expect(digest((await model.predict(values, { batchSize })).dataSync()), `batches of ${batchSize}`).toBe(
      digest(expected.dataSync()),
    );
  }
});

test('a convolutional network predicts the bits of its layers one by one, and of their ops', async () => {
  const layers = [
    conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [3, 4, 1] }),
    maxPooling2d({ poolSize: [1, 2] }),
    flatten(),
    dense({ units: 5, activation: 'softmax' }),
  ] as const;
  const model = engine.sequential(layers);
  const [convolution, , , product] = layers;
  convolution.bias?.assign([0.1, -0.2, 0.3, -0.4]);
  const predicted = await model.predict(values, { batchSize: 16 });

  const image = engine.tensor(values, [EXAMPLES, 3, 4, 1]);
  const byLayers = layers.reduce<Tensor>((x, layer) => layer.apply(x), image);
  expect(digest(byLayers.dataSync())).toBe(digest(predicted.dataSync()));

  const constantOf = (variable: typeof convolution.kernel) =>
    engine.tensor(variable?.dataSync() ?? [], variable?.shape);
  const convolved = ops.conv2d(image, constantOf(convolution.kernel), { padding: 'same' });
  const pooled = pooling.maxPool2d(relu(add(convolved, constantOf(convolution.bias))), { poolSize: [1, 2] });
  const flat = reshape(pooled, { shape: [EXAMPLES, 24] });
  const scores = add(matmul(flat, constantOf(product.kernel)), constantOf(product.bias));
  expect(digest(softmax(scores).dataSync())).toBe(digest(predicted.dataSync()));
});
