import { oneHot, reshape } from '@convoy/engine';
import { expect, test } from 'vitest';
import { tinyEngine } from '../fixtures/tiny.js';

test('integers under another shape are still integers', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const labels = reshape(engine.tensor(Int32Array.of(1, 0, 2, 1), [2, 2]), { shape: [4] });
  expect(labels.dtype).toBe('int32');
  expect(labels.dataSync()).toEqual(Int32Array.of(1, 0, 2, 1));
  expect([...oneHot(labels, { depth: 3 }).dataSync()]).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0]);
});
