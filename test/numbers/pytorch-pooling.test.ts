import { readFileSync } from 'node:fs';
import { js } from '@convoy/backend-js';
import { createEngine, type DataFormat, type Pair } from '@convoy/engine';
import { averagePooling2d, maxPooling2d, ops } from '@convoy/layers';
import { afterAll, describe, expect, test } from 'vitest';
import { expectClose } from './expect-close.js';

interface Case {
  readonly id: string;
  readonly op: 'max' | 'average';
  readonly dataFormat: DataFormat;
  readonly inputShape: readonly number[];
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
  readonly input: readonly number[];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
  readonly outputGradient: readonly number[];
  readonly inputGradient: readonly number[];
}

/** Made by test/oracles/pooling.py in double precision. */
const file = new URL('../fixtures/pytorch-pooling.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };

/** Some roundings of float32; a window sums at most 20 numbers. */
const TOLERANCE = 1e-6;

const engine = await createEngine({ backend: js(), workers: 'inline' });
afterAll(() => engine.dispose());

describe('pooling and its gradients are those of PyTorch', () => {
  for (const given of cases) {
    const { id, op, poolSize, strides, padding, dataFormat, inputShape, outputShape } = given;
    const window = { poolSize, strides, padding, dataFormat };

    test(`output of ${id}`, () => {
      const pool = op === 'max' ? ops.maxPool2d : ops.averagePool2d;
      const y = pool(engine.tensor(given.input, inputShape), window);
      expect(y.shape).toEqual(outputShape);
      expectClose(y.dataSync(), given.output, TOLERANCE);
    });

    test(`input gradient of ${id}`, () => {
      const dy = engine.tensor(given.outputGradient, outputShape);
      const x = engine.tensor(given.input, inputShape);
      const dx =
        op === 'max'
          ? ops.maxPool2dGradient(dy, x, ops.maxPool2d(x, window), window)
          : ops.averagePool2dGradient(dy, { ...window, inputShape });
      expect(dx.shape).toEqual(inputShape);
      expectClose(dx.dataSync(), given.inputGradient, TOLERANCE);
    });

    test(`a layer predicts the output of ${id}`, async () => {
      const make = op === 'max' ? maxPooling2d : averagePooling2d;
      const model = engine.sequential([make({ ...window, inputShape: inputShape.slice(1) })]);
      const y = await model.predict(Float32Array.from(given.input), { batchSize: 1 });
      expect(y.shape).toEqual(outputShape);
      expectClose(y.dataSync(), given.output, TOLERANCE);
    });
  }
});

test('the gradient of a maximum that stands twice in a window goes to the first', () => {
  const x = engine.tensor([3, 3, 1, 3], [1, 2, 2, 1]);
  const y = ops.maxPool2d(x, { poolSize: 2 });
  const dx = ops.maxPool2dGradient(engine.tensor([5], [1, 1, 1, 1]), x, y, { poolSize: 2 });
  expect([...dx.dataSync()]).toEqual([5, 0, 0, 0]);
});
