import { wasm } from '@convoy/backend-wasm';
import { createEngine, parameterServer } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';

/** A page of memory is 64 KiB, a run's control block 24 KiB: of weights 16 KiB apart, some make the block end in a new page. */
test.each([1, 2, 3, 4, 5])('a run begins wherever the memory ends, with %d × 16 KiB of weights', async (blocks) => {
  const [features, examples] = [2048 * blocks, 64];
  const x = new Float32Array(features * examples).fill(0.5);
  const y = new Float32Array(examples).fill(1);
  await using engine = await createEngine({ backend: wasm(), workers: 1, seed: 1 });
  const model = engine.sequential([dense({ units: 1, inputShape: [features] })]);
  model.compile({ optimizer: sgd({ learningRate: 1e-6 }), loss: 'meanSquaredError' });
  const { report } = await model.fit({ x, y }, { batchSize: 32, strategy: parameterServer({ replicas: 1 }) });
  expect(report?.updates.applied).toBe(examples / 32);
});
