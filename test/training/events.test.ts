import type { FitEvent } from '@convoy/engine';
import { expect, test } from 'vitest';
import { makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);

async function eventsOf(workers: number | 'inline', options = {}): Promise<FitEvent[]> {
  await using engine = await tinyEngine({ workers });
  const events: FitEvent[] = [];
  for await (const event of tinyModel(engine).fit(images, { epochs: 2, ...options })) events.push(event);
  return events;
}

const steps = (events: readonly FitEvent[], epoch: number) =>
  events.filter((event) => event.type === 'step').filter((event) => event.epoch === epoch);

test('events come in order: begin, then for each epoch its begin, its steps and its end, then end', async () => {
  for (const workers of [2, 'inline'] as const) {
    const events = await eventsOf(workers);
    const epoch = ['epochBegin', 'step', 'step', 'step', 'epochEnd'];
    expect(events.map((event) => event.type)).toEqual(['begin', ...epoch, ...epoch, 'end']);
    expect(steps(events, 0).map((event) => event.step)).toEqual([0, 1, 2]);
    expect(steps(events, 1).map((event) => event.step)).toEqual([0, 1, 2]);
    expect(steps(events, 1).map((event) => event.examples)).toEqual([32, 32, 11]);
  }
});

test('the first event says what is to come', async () => {
  const [begin] = await eventsOf(2, { batchSize: 16, shards: 4 });
  expect(begin).toEqual({ type: 'begin', epochs: 2, stepsPerEpoch: 5, workers: 2, shards: 4 });
});

test('the logs of an epoch are the means of its steps, weighted by their examples', async () => {
  const events = await eventsOf(2);
  for (const epoch of [0, 1]) {
    const end = events.find((event) => event.type === 'epochEnd' && event.epoch === epoch);
    if (end?.type !== 'epochEnd') return expect.fail('no such event');
    for (const name of ['loss', 'accuracy']) {
      const sum = steps(events, epoch).reduce((total, { logs, examples }) => total + logs[name] * examples, 0);
      expect(end.logs[name]).toBeCloseTo(sum / 75, 12);
    }
    expect(end.seconds).toBeGreaterThan(0);
  }
});

test('the last event and the promise carry the same history: a value for each epoch', async () => {
  await using engine = await tinyEngine();
  const run = tinyModel(engine).fit(images, { epochs: 3, validationData: makeImages(20) });
  const events: FitEvent[] = [];
  for await (const event of run) events.push(event);
  const history = await run;
  expect(events.at(-1)).toEqual({ type: 'end', history });
  expect(history.epoch).toEqual([0, 1, 2]);
  expect(history).toMatchObject({ workersLost: 0, eventsDropped: 0 });
  const ends = events.filter((event) => event.type === 'epochEnd');
  expect(Object.keys(history.history)).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy']);
  for (const [name, values] of Object.entries(history.history)) {
    expect(values).toEqual(ends.map((event) => event.logs[name]));
  }
});

test('fit is a promise: then, catch and finally', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const model = tinyModel(engine);
  let settled = 0;
  const epochs = await model.fit(images).then(({ epoch }) => epoch);
  await model.fit(images).finally(() => settled++);
  const caught = await model.fit({ x: images.x, y: images.y.subarray(1) }).catch(() => 'caught');
  expect([epochs, settled, caught]).toEqual([[0], 1, 'caught']);
});

test('a failure ends the loop over the events with its error', async () => {
  await using engine = await tinyEngine({ workers: 'inline' });
  const types: string[] = [];
  const loop = async () => {
    const bad = { x: images.x, y: images.y.map((label, i) => (i === 3 ? 99 : label)) };
    for await (const event of tinyModel(engine).fit(bad)) types.push(event.type);
  };
  await expect(loop()).rejects.toThrow("'y', example 3");
  expect(types).toEqual([]);
});

test('two loops over one run both end, and see each event once between them', async () => {
  await using engine = await tinyEngine();
  const run = tinyModel(engine).fit(images, { epochs: 2 });
  const types: string[] = [];
  const read = async () => {
    for await (const event of run) types.push(event.type);
  };
  await Promise.all([read(), read()]);
  expect(types.toSorted()).toEqual((await eventsOf(2)).map((event) => event.type).toSorted());
}, 5_000);
