import {
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  simulated,
  type Engine,
  type Model,
  type ReplicaStrategy,
} from '@convoy/engine';
import { dense } from '@convoy/layers';
import { adam, sgd } from '@convoy/optimizers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BATCH, integerModel, integers } from '../fixtures/integers.js';
import { bitsOf, makeImages, PIXELS, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(72);
const virtual = (strategy: ReplicaStrategy) =>
  simulated(strategy, { computeMs: (replica, unit) => 1 + ((replica + unit) % 3) });

/** Every strategy in a simulated world, and some on threads too. */
const strategies: Record<string, ReplicaStrategy> = {
  'a parameter server': virtual(parameterServer({ replicas: 3, staleness: 2 })),
  'a parameter server without staleness': virtual(parameterServer({ replicas: 3, staleness: 0 })),
  // Four: the mean of equal values is that value to the bit.
  'local SGD': virtual(localSgd({ replicas: 4, every: 2 })),
  'elastic averaging': virtual(elasticAveraging({ replicas: 3, every: 2 })),
  hogwild: virtual(hogwild({ replicas: 3 })),
  'a parameter server on threads': parameterServer({ replicas: 2 }),
  'hogwild on threads': hogwild({ replicas: 2 }),
};

let engine: Engine;
beforeAll(async () => {
  engine = await tinyEngine({ workers: 1 });
});
afterAll(() => engine.dispose());

function twoLayers(): Model {
  const model = engine.sequential([dense({ units: 6, activation: 'tanh', inputShape: [PIXELS] }), dense({ units: 4 })]);
  model.compile({ optimizer: sgd({ learningRate: 0.05, momentum: 0.5 }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

const bitsOfLayer = (model: Model, layer: number) => Object.values(bitsOf(model)).slice(2 * layer, 2 * layer + 2);

describe('at a fence', () => {
  for (const [name, strategy] of Object.entries(strategies)) {
    test(`a layer that is frozen stays as it is and the others go on, until it is thawed: ${name}`, async () => {
      const model = twoLayers();
      const [first] = model.layers;
      const seen: string[][][] = [];
      const onFence = (): void => {
        seen.push([bitsOfLayer(model, 0), bitsOfLayer(model, 1)]);
        if (seen.length === 2) first.trainable = false;
        if (seen.length === 5) first.trainable = true;
      };
      await model.fit(images, {
        batchSize: 3,
        stepsPerFence: 1 + Math.floor(2 / (strategy.oneBatch ? 3 : 1)),
        strategy,
        callbacks: { onFence },
      });
      expect(seen.length).toBeGreaterThanOrEqual(7);
      const frozen = seen[1][0];
      expect(seen[0][0]).not.toEqual(frozen);
      for (const at of [2, 3, 4]) {
        expect(seen[at][0], `fence ${at}`).toEqual(frozen);
        expect(seen[at][1], `fence ${at}`).not.toEqual(seen[at - 1][1]);
      }
      expect(seen[5][0]).not.toEqual(frozen);
    });
  }

  for (const [name, strategy] of Object.entries(strategies)) {
    test(`a learning rate of 0 ends all learning, and assigned weights are those that replicas go on from: ${name}`, async () => {
      const data = integers(48);
      const model = integerModel(engine);
      const [kernel] = model.weights;
      const steps: number[] = [];
      const seen: number[][] = [];
      const tens = Array.from({ length: kernel.size }, () => 10);
      const onFence = ({ step, logs }: { step: number; logs: Readonly<Record<string, number>> }): void => {
        expect(Number.isFinite(logs['loss'])).toBe(true);
        steps.push(step);
        seen.push([...kernel.dataSync()]);
        if (seen.length === 2) model.learningRate = 0;
        if (seen.length === 3) kernel.assign(tens);
      };
      await model.fit(data, { batchSize: BATCH, stepsPerFence: 4, strategy, callbacks: { onFence } });
      expect(steps).toEqual(steps.map((_, i) => 4 * (i + 1)));
      expect(seen[1]).not.toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[1]);
      if (seen.length > 3) expect(seen.at(-1)).toEqual(tens);
      expect([...kernel.dataSync()]).toEqual(tens);
    });
  }
});

describe('a run ends early, with the weights of a whole update, and the model trains again', () => {
  const many = makeImages(1200);
  async function endsEarly(model: Model, run: () => PromiseLike<unknown>, error: unknown): Promise<void> {
    await expect(Promise.resolve(run())).rejects.toEqual(error);
    for (const variable of model.weights) expect(variable.dataSync().every(Number.isFinite)).toBe(true);
    expect(model.training.steps).toBeLessThan(100_000);
  }

  for (const [name, strategy] of Object.entries(strategies)) {
    test(`when its signal aborts, at whatever moment: ${name}`, async () => {
      const model = tinyModel(engine);
      const threads = name.endsWith('on threads');
      for (const afterMs of threads ? [0, 170] : [0, 5, 20]) {
        const controller = new AbortController();
        const reason = new Error('enough');
        setTimeout(() => controller.abort(reason), afterMs);
        const run = () =>
          model.fit(many, { batchSize: 2, epochs: 1000, stepsPerFence: 7, strategy, signal: controller.signal });
        await endsEarly(model, run, reason);
      }
      const before = model.training.steps;
      await model.fit(images, { strategy });
      expect(model.training.steps).toBe(before + Math.ceil(72 / 32 / (strategy.oneBatch ? 3 : 1)));
    });
  }

  for (const name of ['a parameter server', 'elastic averaging', 'hogwild on threads']) {
    test(`when the loop over its events is left: ${name}`, async () => {
      const model = tinyModel(engine);
      const seen: string[] = [];
      for await (const event of model.fit(many, { batchSize: 2, epochs: 1000, strategy: strategies[name] })) {
        seen.push(event.type);
        if (event.type === 'step' && event.step > 20) break;
      }
      expect(seen.slice(0, 3)).toEqual(['begin', 'epochBegin', 'step']);
      const { history } = await model.fit(images, { strategy: strategies[name] });
      expect(Number.isFinite(history.loss[0])).toBe(true);
    });
  }

  for (const [name, strategy] of Object.entries(strategies)) {
    test(`when a loss is not finite: ${name}`, async () => {
      const model = tinyModel(engine, { optimizer: sgd({ learningRate: 1e38 }) });
      const run = () => model.fit(images, { batchSize: 4, epochs: 50, strategy });
      await endsEarly(model, run, expect.objectContaining({ name: 'RuntimeError', code: 'NON_FINITE' }));
    });
  }
});

test('validation, callbacks and stopTraining do what they do without a strategy', async () => {
  for (const name of ['a parameter server', 'hogwild on threads']) {
    const model = tinyModel(engine, { optimizer: adam() });
    const calls: string[] = [];
    const { history, epoch } = await model.fit(images, {
      batchSize: 12,
      epochs: 9,
      validationData: makeImages(20),
      strategy: strategies[name],
      callbacks: {
        onEpochBegin: (number) => void calls.push(`begin ${number}`),
        async onEpochEnd(number, logs) {
          calls.push(`end ${number}`);
          const { loss } = await model.evaluate(makeImages(20));
          expect(loss).toBe(logs['val_loss']);
          if (number === 2) model.stopTraining = true;
        },
      },
    });
    expect(epoch).toEqual([0, 1, 2]);
    expect(calls).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2']);
    expect(Object.keys(history)).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy']);
    expect(history['val_loss'].length).toBe(3);
  }
});

test('a shuffled epoch has the order that it has without a strategy', async () => {
  const train = async (strategy: ReplicaStrategy | null) => {
    await using fresh = await tinyEngine({ workers: 'inline' });
    const model = tinyModel(fresh);
    const losses: number[] = [];
    for await (const event of model.fit(images, {
      batchSize: 8,
      epochs: 2,
      ...(strategy ? { strategy } : { shards: 1 }),
    })) {
      if (event.type === 'step') losses.push(event.logs['loss']);
    }
    return losses;
  };
  expect(await train(virtual(parameterServer({ replicas: 1 })))).toEqual(await train(null));
});
