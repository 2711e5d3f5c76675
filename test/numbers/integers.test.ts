import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { conv2d, ops as convolutions } from '@convoy/conv2d';
import {
  add,
  argMax,
  concat,
  matmul,
  oneHot,
  pad,
  reduceMax,
  reduceSum,
  reshape,
  slice,
  softmax,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  transpose,
  whenTraining,
  type Tensor,
} from '@convoy/engine';
import { sizeOf } from '@convoy/engine/kernels';
import { dense, flatten, ops as poolings } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { tinyEngine } from '../fixtures/tiny.js';

test('integers under another shape are still integers', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const labels = reshape(engine.tensor(Int32Array.of(1, 0, 2, 1), [2, 2]), { shape: [4] });
  expect(labels.dtype).toBe('int32');
  expect(labels.dataSync()).toEqual(Int32Array.of(1, 0, 2, 1));
  expect([...oneHot(labels, { depth: 3 }).dataSync()]).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0]);
});

const numbers = Array.from({ length: 64 }, (_, i) => ((i * 37) % 11) - 5);
const image = [1, 4, 4, 4];
const window = { poolSize: 2, strides: 2, padding: 'valid' } as const;

/** What takes numbers that may be integers; `of` makes a tensor of the first numbers, `floats` one of float32 always. */
type Computation = (of: (shape: number[]) => Tensor, floats: (shape: number[]) => Tensor) => Tensor;

const computations: Record<string, Computation> = {
  'a sum with floats': (of, floats) => add(of([3, 4]), floats([4])),
  'a matrix product': (of) => matmul(of([4, 4]), of([4, 3])),
  'a matrix product with floats': (of, floats) => matmul(of([4, 4]), floats([4, 3]), { transposeA: true }),
  'a convolution': (of) => convolutions.conv2d(of(image), of([3, 3, 4, 1])),
  'the gradient of an input': (of) =>
    convolutions.conv2dInputGradient(of([1, 2, 2, 1]), of([3, 3, 4, 1]), { inputShape: image }),
  'the gradient of a filter': (of) =>
    convolutions.conv2dFilterGradient(of([1, 2, 2, 1]), of(image), { filterShape: [3, 3, 4, 1] }),
  'maxima of windows': (of) => poolings.maxPool2d(of(image), window),
  'gradients of maxima': (of) => poolings.maxPool2dGradient(of(image), of(image), of(image), { poolSize: 1 }),
  'means of windows': (of) => poolings.averagePool2d(of(image), window),
  'a sum': (of) => reduceSum(of([2, 3, 5]), { axes: [1] }),
  'a maximum': (of) => reduceMax(of([2, 3, 5]), { axes: [0, 2] }),
  'the class of the largest': (of) => argMax(of([4, 7])),
  softmax: (of) => softmax(of([4, 7])),
  'a cross-entropy': (of, floats) => softmaxCrossEntropy(floats([4, 7]), of([4, 7])),
  'a part': (of) => slice(of([4, 5]), { begin: [1, 2], size: [2, 3] }),
  'zeros around': (of) =>
    pad(of([2, 3]), {
      paddings: [
        [1, 0],
        [0, 2],
      ],
    }),
  'a join with floats': (of, floats) => concat([floats([2, 3]), of([2, 2])], { axis: 1 }),
  'other axes first': (of) => transpose(of([2, 3, 4]), { permutation: [2, 0, 1] }),
};

for (const backend of [js(), wasm()]) {
  describe(`on the ${backend.name} backend integers are computed with as the floats that they equal:`, () => {
    for (const [name, compute] of Object.entries(computations)) {
      test(name, async () => {
        await using engine = await tinyEngine({ backend, workers: 'inline' });
        const integers = (shape: number[]) => engine.tensor(Int32Array.from(numbers.slice(0, sizeOf(shape))), shape);
        const floats = (shape: number[]) => engine.tensor(Float32Array.from(numbers.slice(0, sizeOf(shape))), shape);
        expect(compute(integers, floats).dataSync()).toEqual(compute(floats, floats).dataSync());
      });
    }

    test('labels, of which those that are no class have a loss of NaN', async () => {
      await using engine = await tinyEngine({ backend, workers: 'inline' });
      const logits = engine.tensor(Float32Array.from(numbers.slice(0, 12)), [3, 4]);
      const [a, b, c] = sparseSoftmaxCrossEntropy(logits, engine.tensor(Int32Array.of(2, 4, -1))).dataSync();
      const [expected] = sparseSoftmaxCrossEntropy(logits, engine.tensor(Float32Array.of(2, 2, 2))).dataSync();
      expect([a, b, c]).toEqual([expected, Number.NaN, Number.NaN]);
    });

    test('images that a model takes as integers', async () => {
      const losses = await Promise.all(
        (['int32', 'float32'] as const).map(async (dtype) => {
          await using engine = await tinyEngine({ backend, workers: 'inline' });
          const x = engine.input({ shape: [4, 4, 1], dtype });
          const y = dense({ units: 3 }).apply(flatten().apply(conv2d({ filters: 2, kernelSize: 3 }).apply(x)));
          const model = engine.model({ inputs: x, outputs: y });
          model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy' });
          const data = { x: Int32Array.from(numbers), y: Int32Array.of(0, 1, 2, 0) };
          return (await model.fit(data, { batchSize: 2, epochs: 2 })).history['loss'];
        }),
      );
      expect(losses[0]).toEqual(losses[1]);
    });
  });
}

test('where inference passes integers on, what shows them under another shape shows integers', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const input = engine.input({ shape: [2, 2], dtype: 'int32' });
  const shown = reshape(whenTraining(softmax(input), input), { shape: [null, 4] });
  const model = engine.model({ inputs: input, outputs: reduceSum(shown, { axes: [1] }) });
  expect([...(await model.predict(Int32Array.of(1, 2, 3, 4))).dataSync()]).toEqual([10]);
});
