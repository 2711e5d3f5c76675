/** What an optimizer keeps of a weight that gets no gradient any more: it decays, and ends at 0. */
import { js } from '@convoy/backend-js';
import { wasm } from '@convoy/backend-wasm';
import { createEngine, type Optimizer } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { adam, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';

const SMALLEST_NORMAL = 2 ** -126;

/** value · decay, again and again, each time rounded to float32. */
function decayed(value: number, decay: number, steps: number): number {
  let x = value;
  for (let i = 0; i < steps; i++) x = Math.fround(x * decay);
  return x;
}

/** Steps after which the value is normal for the last time. */
function stepsToLastNormal(value: number, decay: number): number {
  let steps = 0;
  for (let x = value; Math.abs(x) >= SMALLEST_NORMAL; x = Math.fround(x * decay)) steps++;
  return steps - 1;
}

// Decays that float32 holds exactly.
const optimizers: Record<string, { optimizer: Optimizer; slots: Record<string, number> }> = {
  momentum: { optimizer: sgd({ learningRate: 0.01, momentum: 0.875 }), slots: { 'sgd/velocity': 0.875 } },
  Adam: { optimizer: adam({ beta1: 0.875, beta2: 0.75 }), slots: { 'adam/m': 0.875, 'adam/v': 0.75 } },
};

for (const [backendName, backend] of [
  ['wasm', wasm()],
  ['js', js()],
] as const) {
  describe(`values that decay, on the ${backendName} backend,`, () => {
    for (const [name, { optimizer, slots }] of Object.entries(optimizers)) {
      for (const [slot, decay] of Object.entries(slots)) {
        test(`keep their bits while they are normal and are 0 from then on: ${slot} of ${name}`, async () => {
          await using engine = await createEngine({ backend, workers: 'inline' });
          const model = engine.sequential([dense({ units: 1, useBias: false, inputShape: [1] })]);
          model.compile({ optimizer, loss: 'meanSquaredError' });
          const kept = model.training.variables.find((variable) => variable.name.startsWith(slot));
          const value = (): number => kept?.dataSync()[0] ?? Number.NaN;
          // Inputs of 0 give no gradient.
          const idle = (steps: number) =>
            model.fit({ x: new Float32Array(steps), y: new Float32Array(steps) }, { batchSize: 1 });
          await model.fit({ x: Float32Array.of(1), y: Float32Array.of(5) }, { batchSize: 1 });
          const first = value();
          const steps = stepsToLastNormal(first, decay);
          await idle(steps);
          expect(Math.abs(value())).toBeGreaterThanOrEqual(SMALLEST_NORMAL);
          expect(value()).toBe(decayed(first, decay, steps));
          // Without that it would end at a few times the smallest number there is.
          expect(decayed(first, 0.875, 2000)).not.toBe(0);
          await idle(1);
          expect(Math.abs(value())).toBe(0);
          const weight = model.weights[0].dataSync()[0];
          await idle(3);
          expect([Math.abs(value()), model.weights[0].dataSync()[0]]).toEqual([0, weight]);
        });
      }
    }
  });
}
