/**
 * What a strategy with one replica does is synchronous training with one shard, and to the same bits: always for a parameter server,
 * for local SGD and for what hogwild keeps for each replica. What hogwild adds to shared floats goes through the difference of new and
 * old, so there each step ends at fl(old + fl(new − old)): the synchronous value wherever the difference is exact, as it is within a
 * factor of 2 (Sterbenz), and else one that may differ in its last bits.
 */
import {
  add,
  defineOptimizer,
  elasticAveraging,
  hogwild,
  localSgd,
  mul,
  parameterServer,
  sub,
  type Model,
  type Optimizer,
  type Strategy,
} from '@convoy/engine';
import { adam, schedules, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { expectRefusal } from '../fixtures/refusal.js';
import { bitsOf, digest, makeImages, tinyEngine, tinyModel } from '../fixtures/tiny.js';

const images = makeImages(75);
const f = Math.fround;

const optimizers: Record<string, () => Optimizer> = {
  sgd: () => sgd({ learningRate: 0.1 }),
  momentum: () => sgd({ learningRate: 0.05, momentum: 0.9 }),
  adam: () => adam({ learningRate: 0.01 }),
  'a schedule': () => sgd({ learningRate: schedules.linearDecay({ initialLearningRate: 0.2, decaySteps: 15 }) }),
};

/** Weights and optimizer values after two epochs of 16 + 16 + 16 + 16 + 11 examples; `atFence` is called before the first step and after each. */
async function train(optimizer: Optimizer, strategy: Strategy | null, atFence?: (model: Model) => void) {
  await using engine = await tinyEngine({ workers: 'inline' });
  const model = tinyModel(engine, { optimizer, dropoutRate: 0.3 });
  atFence?.(model);
  const fences = atFence && { stepsPerFence: 1, callbacks: { onFence: () => atFence(model) } };
  await model.fit(images, { batchSize: 16, epochs: 2, ...(strategy ? { strategy } : { shards: 1 }), ...fences });
  const state = model.training.variables.map((variable) => [variable.name, digest(variable.dataSync())]);
  return { weights: bitsOf(model), state, steps: model.training.steps };
}

/** Makes each step end at fl(old + fl(new − old)), as a sum that others add to does. */
function throughDifferences(sharesState: boolean): (model: Model) => void {
  let before: Map<string, Float32Array> | null = null;
  return (model) => {
    const shared = [...model.weights, ...(sharesState ? model.training.variables : [])];
    for (const variable of shared) {
      const next = variable.dataSync();
      const old = before?.get(variable.name);
      if (old) variable.assign(next.map((value, i) => f(old[i] + f(value - old[i]))));
    }
    before = new Map(shared.map((variable) => [variable.name, variable.dataSync()]));
  };
}

describe('with one replica, the bits of weights and optimizer values are those of synchronous training', () => {
  const strategies: Record<string, Strategy> = {
    'a parameter server': parameterServer({ replicas: 1, staleness: 2 }),
    'a parameter server whose rate falls with staleness, which is 0': parameterServer({
      replicas: 1,
      stalenessAware: true,
    }),
    'local SGD': localSgd({ replicas: 1, every: 3 }),
  };
  for (const [kind, optimizer] of Object.entries(optimizers)) {
    test(`with ${kind}`, async () => {
      const expected = await train(optimizer(), null);
      for (const [name, strategy] of Object.entries(strategies)) {
        expect(await train(optimizer(), strategy), name).toEqual(expected);
      }
    });
  }
});

describe('hogwild with one replica is synchronous training whose steps go through differences, bit for bit', () => {
  for (const [kind, sharesState, isSynchronous] of [
    ['sgd', false, true],
    ['momentum', true, false],
    ['adam', false, true],
  ] as const) {
    test(`with ${kind}`, async () => {
      const found = await train(optimizers[kind](), hogwild({ replicas: 1 }));
      expect(found).toEqual(await train(optimizers[kind](), null, throughDifferences(sharesState)));
      // In so few steps some differences are all exact.
      const { weights } = await train(optimizers[kind](), null);
      if (isSynchronous) expect(found.weights).toEqual(weights);
      else expect(found.weights).not.toEqual(weights);
    });
  }
});

test('elastic averaging with one replica is not synchronous training: its weights are a centre that lags', async () => {
  const expected = await train(sgd({ learningRate: 0.1 }), null);
  const found = await train(sgd({ learningRate: 0.1 }), elasticAveraging({ replicas: 1, every: 1 }));
  expect(found.steps).toBe(expected.steps);
  expect(found.weights).not.toEqual(expected.weights);
});

describe('an optimizer that keeps values says what hogwild may do with them', () => {
  const heavy = (stateUnderHogwild?: 'shared' | 'perReplica') =>
    defineOptimizer('heavy', () => ({
      learningRate: 0.05,
      state: ['ball'],
      ...(stateUnderHogwild && { stateUnderHogwild }),
      update: ({ variable, gradient, state: { ball = variable }, learningRate }) => {
        const next = sub(mul(ball, 0.5), mul(learningRate, gradient));
        return { variable: add(variable, next), ball: next };
      },
    }))();

  test('and is refused if it does not, naming it, its values and the remedies', async () => {
    await using engine = await tinyEngine({ workers: 'inline' });
    const model = tinyModel(engine, { optimizer: heavy() });
    await expectRefusal(() => model.fit(images, { strategy: hogwild() }), {
      code: 'STRATEGY_OPTIMIZER',
      says: ["optimizer 'heavy' keeps [ball]", "stateUnderHogwild: 'shared' or 'perReplica'", 'parameterServer()'],
    });
  });

  for (const kept of ['shared', 'perReplica'] as const) {
    test(`and runs with two replicas if it declares '${kept}'`, async () => {
      await using engine = await tinyEngine({ workers: 'inline' });
      const model = tinyModel(engine, { optimizer: heavy(kept) });
      const { report, history } = await model.fit(images, {
        batchSize: 8,
        epochs: 6,
        strategy: hogwild({ replicas: 2 }),
      });
      expect(report?.updates.applied).toBe(60);
      expect(history.loss[5]).toBeLessThan(history.loss[0]);
      const balls = model.training.variables.filter(({ name }) => name.includes('ball'));
      expect(balls.length).toBe(4);
      for (const ball of balls) expect(ball.dataSync().some((value) => value !== 0)).toBe(true);
    });
  }

  test('and one that keeps none needs to say nothing', async () => {
    await using engine = await tinyEngine({ workers: 'inline' });
    const model = tinyModel(engine);
    const { report } = await model.fit(images, { batchSize: 8, strategy: hogwild({ replicas: 2 }) });
    expect(report?.updates.applied).toBe(10);
  });
});
