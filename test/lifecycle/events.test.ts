import { js } from '@convoy/backend-js';
import { createEngine, type FitEvent } from '@convoy/engine';
import { dense } from '@convoy/layers';
import { sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';

const STEPS = 6000;
/** Events that fit announces: begin, epochBegin, one for each step, epochEnd, end. */
const ANNOUNCED = STEPS + 4;
const data = { x: new Float32Array(STEPS), y: new Float32Array(STEPS) };

/** Steps of some microseconds each. */
async function hastyModel() {
  const engine = await createEngine({ backend: js(), workers: 1 });
  const model = engine.sequential([dense({ units: 1, inputShape: [1] })]);
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  return { engine, model };
}

test('events that nobody reads do not hold training back; what was dropped is counted', async () => {
  const { engine, model } = await hastyModel();
  const run = model.fit(data, { batchSize: 1 });
  const { eventsDropped } = await run;
  expect(model.training.steps).toBe(STEPS);
  expect(eventsDropped).toBeGreaterThan(0);
  const left: FitEvent[] = [];
  for await (const event of run) left.push(event);
  expect(left.at(-1)?.type).toBe('end');
  expect(left.length + run.eventsDropped).toBe(ANNOUNCED);
  await engine.dispose();
});

test('steps done while the main thread was blocked are announced later or counted as dropped', async () => {
  const { engine, model } = await hastyModel();
  const run = model.fit(data, { batchSize: 1 });
  let events = 0;
  for await (const event of run) {
    if (events++ === 3) block(500);
    if (event.type === 'end') expect(event.history.eventsDropped).toBe(run.eventsDropped);
  }
  expect(model.training.steps).toBe(STEPS);
  expect(events + run.eventsDropped).toBe(ANNOUNCED);
  await engine.dispose();
});

function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
