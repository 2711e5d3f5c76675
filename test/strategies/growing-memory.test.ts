import { wasm } from '@convoy/backend-wasm';
import { createEngine, parameterServer } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';

/** A page of memory is 64 KiB, a run's control block 24 KiB: with data 16 KiB apart, one of four runs makes the memory longer for it. */
test.each([1, 2, 3, 4])('a run begins wherever the memory ends, with %d × 16 KiB of data', async (blocks) => {
  const examples = 64 * blocks;
  const x = new Float32Array(64 * examples).fill(0.5);
  const y = new Float32Array(examples).fill(1);
  await using engine = await createEngine({ backend: wasm(), workers: 1, seed: 1 });
  const model = engine.sequential([dense({ units: 1, inputShape: [64] })]);
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  const { report } = await model.fit({ x, y }, { batchSize: 32, strategy: parameterServer({ replicas: 1 }) });
  expect(report?.updates.applied).toBe(examples / 32);
});
