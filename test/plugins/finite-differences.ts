/** Gradients as training shows them, and as differences of a loss written as a plain formula show them. */
import type { Layer } from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { expect } from 'vitest';
import { valuesOf, withEngine } from './small-model.js';

/** One step of plain gradient descent at rate 1, on one batch: each weight falls by its gradient. */
export function gradientsOf(layer: Layer, x: Float32Array, y: Float32Array): Promise<Float32Array[]> {
  return withEngine({}, async (engine) => {
    const model = engine.sequential([layer]);
    model.compile({ optimizer: sgd({ learningRate: 1 }), loss: 'meanSquaredError' });
    const before = valuesOf(model);
    await model.fit({ x, y }, { batchSize: 1000 });
    return valuesOf(model).map((weights, i) => weights.map((w, j) => before[i][j] - w));
  });
}

/** (L(w + h) − L(w − h)) / 2h, for each element of each array of weights. */
export function slopesOf(weights: readonly Float64Array[], loss: () => number): number[][] {
  const h = 1e-5;
  return weights.map((values) =>
    Array.from(values, (value, i) => {
      values[i] = value + h;
      const above = loss();
      values[i] = value - h;
      const below = loss();
      values[i] = value;
      return (above - below) / (2 * h);
    }),
  );
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  Array.from(expected, (value, i) => {
    expect(Math.abs(actual[i] - value), `element ${i}: ${actual[i]}, expected ${value}`).toBeLessThan(tolerance);
  });
}
