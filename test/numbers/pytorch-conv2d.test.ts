import { readFileSync } from 'node:fs';
import { js } from '@convoy/backend-js';
import { conv2d, ops } from '@convoy/conv2d';
import { createEngine, type DataFormat, type Padding, type Pair, type Tensor } from '@convoy/engine';
import { afterAll, describe, expect, test } from 'vitest';
import { expectClose } from './expect-close.js';

interface Case {
  readonly id: string;
  readonly dataFormat: DataFormat;
  readonly inputShape: readonly number[];
  readonly filterShape: readonly number[];
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
  readonly input: readonly number[];
  readonly filter: readonly number[];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
  readonly outputGradient: readonly number[];
  readonly inputGradient: readonly number[];
  readonly filterGradient: readonly number[];
}

/** Made by test/oracles/conv2d.py in double precision. */
const file = new URL('../fixtures/pytorch-conv2d.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };

/** Float32 rounds by 6e-8; the longest sum of a case has 160 products of numbers below 1. */
const TOLERANCE = 2e-6;

const engine = await createEngine({ backend: js(), workers: 'inline' });
afterAll(() => engine.dispose());

describe('convolutions and both their gradients are those of PyTorch', () => {
  for (const given of cases) {
    const { id, inputShape, filterShape, outputShape, dataFormat, strides, padding } = given;
    const window = { strides, padding, dilationRate: given.dilations, dataFormat };
    const tensors = (): Record<'x' | 'filter' | 'dy', Tensor> => ({
      x: engine.tensor(given.input, inputShape),
      filter: engine.tensor(given.filter, filterShape),
      dy: engine.tensor(given.outputGradient, outputShape),
    });

    test(`output of ${id}`, () => {
      const { x, filter } = tensors();
      const y = ops.conv2d(x, filter, window);
      expect(y.shape).toEqual(outputShape);
      expectClose(y.dataSync(), given.output, TOLERANCE);
    });

    test(`input gradient of ${id}`, () => {
      const { dy, filter } = tensors();
      const dx = ops.conv2dInputGradient(dy, filter, { ...window, inputShape });
      expect(dx.shape).toEqual(inputShape);
      expectClose(dx.dataSync(), given.inputGradient, TOLERANCE);
    });

    test(`filter gradient of ${id}`, () => {
      const { dy, x } = tensors();
      const df = ops.conv2dFilterGradient(dy, x, { ...window, filterShape });
      expect(df.shape).toEqual(filterShape);
      expectClose(df.dataSync(), given.filterGradient, TOLERANCE);
    });
  }
});

test('a Conv2D layer predicts the outputs of PyTorch, batch by batch', async () => {
  const both = (pair: Pair): boolean => pair.some((n) => n > 1);
  for (const given of cases) {
    const { id, inputShape, filterShape, strides, dilations, padding, dataFormat } = given;
    if (typeof padding !== 'string' || (both(strides) && both(dilations))) continue;
    const [height, width, , filters] = filterShape;
    const options = { strides, padding, dilationRate: dilations, dataFormat, useBias: false };
    const layer = conv2d({ ...options, filters, kernelSize: [height, width], inputShape: inputShape.slice(1) });
    const model = engine.sequential([layer]);
    layer.kernel?.assign(given.filter);
    const y = await model.predict(Float32Array.from(given.input), { batchSize: 2 });
    expect(y.shape, id).toEqual(given.outputShape);
    expectClose(y.dataSync(), given.output, TOLERANCE);
  }
});
