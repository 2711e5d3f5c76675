import { js } from '@convoy/backend-js';
import { ops } from '@convoy/conv2d';
import { createEngine, matmul, mul, reduceSum, type Tensor } from '@convoy/engine';
import { ops as pooling } from '@convoy/layers';
import { afterAll, describe, expect, test } from 'vitest';

const engine = await createEngine({ backend: js(), workers: 'inline' });
afterAll(() => engine.dispose());

/** Sevens, so that what is not summed or not zeroed shows. */
function sevens(...shape: number[]): Tensor {
  return engine.tensor(Array<number>(shape.reduce((a, b) => a * b, 1)).fill(7), shape);
}

function expectZeros(actual: Tensor, shape: readonly number[]): void {
  expect(actual.shape).toEqual(shape);
  expect([...actual.dataSync()]).toEqual(Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0));
}

for (const dataFormat of ['channelsLast', 'channelsFirst'] as const) {
  const image = (n: number, h: number, w: number, c: number): [number, number, number, number] =>
    dataFormat === 'channelsLast' ? [n, h, w, c] : [n, c, h, w];

  describe(`a convolution of nothing, ${dataFormat}`, () => {
    test('an empty batch gives an empty output', () => {
      const y = ops.conv2d(sevens(...image(0, 2, 3, 3)), sevens(1, 1, 3, 3), { dataFormat });
      expectZeros(y, image(0, 2, 3, 3));
    });

    test('the filter gradient of an empty batch is zeros', () => {
      const filterShape = [1, 1, 3, 3];
      const [dy, x] = [sevens(...image(0, 2, 3, 3)), sevens(...image(0, 2, 3, 3))];
      // Twice: what the first call left in memory must not show.
      ops.conv2dFilterGradient(sevens(...image(1, 2, 3, 3)), sevens(...image(1, 2, 3, 3)), { filterShape, dataFormat });
      expectZeros(ops.conv2dFilterGradient(dy, x, { filterShape, dataFormat }), filterShape);
      expectZeros(ops.conv2dFilterGradient(dy, x, { filterShape, dataFormat }), filterShape);
    });

    test('the input gradient of an empty batch is empty', () => {
      const inputShape = image(0, 2, 3, 3);
      const dx = ops.conv2dInputGradient(sevens(...image(0, 2, 3, 3)), sevens(1, 1, 3, 3), { inputShape, dataFormat });
      expectZeros(dx, inputShape);
    });

    test('no filters give an output without channels', () => {
      const y = ops.conv2d(sevens(...image(2, 2, 3, 1)), sevens(2, 2, 1, 0), { dataFormat });
      expectZeros(y, image(2, 1, 2, 0));
    });

    test('the gradients of no filters are empty and zero', () => {
      const [inputShape, filterShape] = [image(2, 2, 3, 1), [2, 2, 1, 0]];
      const dy = sevens(...image(2, 1, 2, 0));
      expectZeros(ops.conv2dFilterGradient(dy, sevens(...inputShape), { filterShape, dataFormat }), filterShape);
      expectZeros(ops.conv2dInputGradient(dy, sevens(...filterShape), { inputShape, dataFormat }), inputShape);
    });

    test('no channels in give zeros', () => {
      const y = ops.conv2d(sevens(...image(1, 3, 3, 0)), sevens(2, 2, 0, 2), { dataFormat });
      expectZeros(y, image(1, 2, 2, 2));
    });
  });

  describe(`pooling nothing, ${dataFormat}`, () => {
    for (const op of [pooling.maxPool2d, pooling.averagePool2d]) {
      test(`${op.name} of an empty batch is empty`, () => {
        const x = sevens(...image(0, 4, 4, 2));
        expectZeros(op(x, { poolSize: 2, dataFormat }), image(0, 2, 2, 2));
      });
    }
  });
}

test('the sum of nothing is 0', () => {
  expectZeros(reduceSum(sevens(0, 3), { axes: [0] }), [3]);
  expectZeros(reduceSum(sevens(2, 0), { axes: [1] }), [2]);
});

test('elementwise ops of nothing give nothing', () => {
  expectZeros(mul(sevens(0, 3), sevens(3)), [0, 3]);
});

test('a product over no columns is zeros', () => {
  expectZeros(matmul(sevens(2, 0), sevens(0, 3)), [2, 3]);
  expectZeros(matmul(sevens(0, 2), sevens(2, 3)), [0, 3]);
});
