import { createEngine } from '@convoy/engine';
import { js } from '@convoy/backend-js';
import { expect, test } from 'vitest';

test('an engine is made and disposed', async () => {
  const engine = await createEngine({ backend: js(), workers: 1 });
  await engine.dispose();
  expect(() => engine.input({ shape: [1] })).toThrow('disposed');
});
