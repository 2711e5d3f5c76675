import { js } from '@convoy/backend-js';
import {
  createEngine,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  sparseSoftmaxCrossEntropy,
  sparseSoftmaxCrossEntropyGradient,
} from '@convoy/engine';
import { activation } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { afterAll, describe, test } from 'vitest';
import { expectClose } from './expect-close.js';

const engine = await createEngine({ backend: js(), workers: 'inline' });
afterAll(() => engine.dispose());

/** The definition, in double precision, with no trick but the shift that changes nothing: eˣ⁻ᵐ / Σ eˣ⁻ᵐ. */
function softmaxOf(row: readonly number[]): number[] {
  const top = Math.max(...row);
  const powers = row.map((x) => Math.exp(x - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

/** −Σ t · log softmax(x) as Σ t · log Σ eʸ⁻ˣ, which neither overflows nor rounds to 0 before the logarithm. */
function crossEntropyOf(row: readonly number[], targets: readonly number[]): number {
  return row.reduce((loss, x, i) => {
    const differences = row.map((y) => y - x);
    const top = Math.max(...differences);
    return loss + targets[i] * (top + Math.log(differences.reduce((sum, d) => sum + Math.exp(d - top), 0)));
  }, 0);
}

const ordinary = [
  [0.5, -1.25, 2, 0],
  [3, 3, 3, 3],
  [-4, 1, 0.25, 6],
];
/** Where eˣ is infinite in float32, or all but one probability round to 0. */
const extreme = [
  [1000, 0, -1000, 999],
  [-500, -501, -502, -503],
  [0, 0, 90, -90],
];
const labels = [2, 0, 1];
const TOLERANCE = 1e-6;

for (const [kind, logits] of Object.entries({ ordinary, extreme })) {
  describe(`of ${kind} logits`, () => {
    const x = engine.tensor(logits.flat(), [3, 4]);
    const y = engine.tensor(Int32Array.from(labels), [3]);
    const hot = labels.map((label) => [0, 1, 2, 3].map((i) => Number(i === label)));
    const mixed = [
      [0.1, 0.2, 0.3, 0.4],
      [0.25, 0.25, 0.25, 0.25],
      [0, 0.5, 0.5, 0],
    ];
    /** No probabilities: their sums are 3, 0.5 and 0. */
    const weighted = [
      [1, 0, 2, 0],
      [0.125, 0.125, 0.25, 0],
      [0, 0, 0, 0],
    ];
    const dy = [1, -2, 0.5];

    test('softmax is the definition', () => {
      expectClose(softmax(x).dataSync(), logits.flatMap(softmaxOf), TOLERANCE);
    });

    test('sparse cross-entropy is the definition', () => {
      const expected = logits.map((row, i) => crossEntropyOf(row, hot[i]));
      expectClose(sparseSoftmaxCrossEntropy(x, y).dataSync(), expected, TOLERANCE);
    });

    test('dense cross-entropy is the definition, of certain, mixed and weighted targets', () => {
      for (const targets of [hot, mixed, weighted]) {
        const expected = logits.map((row, i) => crossEntropyOf(row, targets[i]));
        const actual = softmaxCrossEntropy(x, engine.tensor(targets.flat(), [3, 4]));
        expectClose(actual.dataSync(), expected, TOLERANCE);
      }
    });

    test('both gradients are dy · (softmax · Σ targets − targets)', () => {
      const gradient = (targets: readonly (readonly number[])[]): number[] =>
        logits.flatMap((row, i) => {
          const mass = targets[i].reduce((a, b) => a + b, 0);
          return softmaxOf(row).map((p, j) => dy[i] * (mass * p - targets[i][j]));
        });
      const upstream = engine.tensor(dy, [3]);
      expectClose(sparseSoftmaxCrossEntropyGradient(upstream, x, y).dataSync(), gradient(hot), TOLERANCE);
      for (const targets of [hot, mixed, weighted]) {
        const actual = softmaxCrossEntropyGradient(upstream, x, engine.tensor(targets.flat(), [3, 4]));
        expectClose(actual.dataSync(), gradient(targets), TOLERANCE);
      }
    });
  });
}

test('a model that ends in softmax has the loss of its logits, even where a probability rounds to 0', async () => {
  const rows = Float32Array.from(extreme.flat());
  const losses = extreme.map((row, i) =>
    crossEntropyOf(
      row,
      [0, 1, 2, 3].map((j) => Number(j === labels[i])),
    ),
  );
  const mean = losses.reduce((a, b) => a + b, 0) / losses.length;
  const model = engine.sequential([activation({ activation: 'softmax', inputShape: [4] })]);

  model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy' });
  const sparse = await model.evaluate({ x: rows, y: Int32Array.from(labels) });
  expectClose([sparse['loss']], [mean], TOLERANCE);

  model.compile({ optimizer: sgd(), loss: 'categoricalCrossentropy' });
  const hot = Float32Array.from(labels.flatMap((label) => [0, 1, 2, 3].map((i) => Number(i === label))));
  const dense = await model.evaluate({ x: rows, y: hot });
  expectClose([dense['loss']], [mean], TOLERANCE);
});

test('a loss over pixels is the mean over pixels and examples', async () => {
  const model = engine.sequential([activation({ activation: 'linear', inputShape: [1, 3, 4] })]);
  model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy' });
  const expected = ordinary.map((row, i) =>
    crossEntropyOf(
      row,
      [0, 1, 2, 3].map((j) => Number(j === labels[i])),
    ),
  );
  const { loss } = await model.evaluate({
    x: Float32Array.from([...ordinary.flat(), ...ordinary.toReversed().flat()]),
    y: Uint8Array.from([...labels, ...labels.toReversed()]),
  });
  expectClose([loss], [expected.reduce((a, b) => a + b, 0) / 3], TOLERANCE);
});

test('mean squared error is the mean over all elements of all examples', async () => {
  const model = engine.sequential([activation({ activation: 'linear', inputShape: [2, 2] })]);
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  const { loss } = await model.evaluate(
    { x: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 3), y: Float32Array.of(1, 1, 1, 1, 5, 5, 5, 5, 0, 0, 0, 0) },
    { batchSize: 2 },
  );
  expectClose([loss], [(0 + 1 + 4 + 9 + 0 + 1 + 4 + 9 + 9) / 12], TOLERANCE);
});
