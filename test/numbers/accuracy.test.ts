import { js } from '@convoy/backend-js';
import { argMax, createEngine, oneHot } from '@convoy/engine';
import { activation } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { afterAll, expect, test } from 'vitest';

const engine = await createEngine({ backend: js(), workers: 'inline' });
afterAll(() => engine.dispose());

test('argMax gives the index of the first largest element of each row', () => {
  const rows = [
    [1, 5, 2],
    [7, 7, 7],
    [-3, -1, -2],
    [0, 4, 4],
    [Number.NEGATIVE_INFINITY, -1e30, Number.NEGATIVE_INFINITY],
  ];
  const indices = argMax(engine.tensor(rows.flat(), [5, 3]));
  expect(indices.shape).toEqual([5]);
  expect([...indices.dataSync()]).toEqual([1, 0, 1, 1, 1]);
});

test('argMax runs along the last axis of any rank', () => {
  const indices = argMax(engine.tensor([1, 2, 4, 3, 5, 6, 8, 7], [2, 2, 2]));
  expect(indices.shape).toEqual([2, 2]);
  expect([...indices.dataSync()]).toEqual([1, 0, 1, 0]);
  expect(argMax(engine.tensor([3, 9, 1])).shape).toEqual([]);
});

test('oneHot puts a 1 at each label', () => {
  const rows = oneHot(engine.tensor(Int32Array.of(2, 0), [2]), { depth: 3 });
  expect(rows.shape).toEqual([2, 3]);
  expect([...rows.dataSync()]).toEqual([0, 0, 1, 1, 0, 0]);
});

test('a label that is no class is a row of zeros, and leaves other rows alone', () => {
  const rows = oneHot(engine.tensor(Int32Array.of(1, 7, -1, 0), [4]), { depth: 3 });
  expect([...rows.dataSync()]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
});

/** Ten rows of three scores; by hand, the largest is at 0 1 2 0 1 2 0 1 2 0. */
const scores = Float32Array.from({ length: 30 }, (_, i) => (i % 3 === Math.floor(i / 3) % 3 ? 2 : i / 100));
/** Seven of them right. */
const labels = Uint8Array.of(0, 1, 2, 0, 1, 2, 0, 0, 0, 1);

test('accuracy is the share of examples whose largest output is the label, batches short or whole', async () => {
  const model = engine.sequential([activation({ activation: 'linear', inputShape: [3] })]);
  model.compile({ optimizer: sgd(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  for (const batchSize of [1, 4, 10, 256]) {
    const { accuracy } = await model.evaluate({ x: scores, y: labels }, { batchSize });
    expect(accuracy, `batches of ${batchSize}`).toBeCloseTo(0.7, 7);
  }
});

test('accuracy takes rows of probabilities too', async () => {
  const model = engine.sequential([activation({ activation: 'linear', inputShape: [3] })]);
  model.compile({ optimizer: sgd(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const rows = Float32Array.from([...labels].flatMap((label) => [0, 1, 2].map((i) => (i === label ? 0.8 : 0.1))));
  const { accuracy } = await model.evaluate({ x: scores, y: rows });
  expect(accuracy).toBeCloseTo(0.7, 7);
});
