/** Strategies whose parties compute by executors with memory of their own, as on devices; here these run the kernels of the js backend. */
import { js } from '@convoy/backend-js';
import {
  defineLayer,
  elasticAveraging,
  hogwild,
  Layer,
  localSgd,
  matmul,
  parameterServer,
  quantized,
  regularizers,
  simulated,
  tanh,
  type Backend,
  type Engine,
  type LayerOptions,
  type Model,
  type ReplicaStrategy,
  type Shape,
  type SymbolicTensor,
  type Variable,
} from '@convoy/engine';
import { dense } from '@convoy/layers';
import { adam, sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { beside } from '../fixtures/backends.js';
import { expectRefusal } from '../fixtures/refusal.js';
import { bitsOf, CLASSES, makeImages, PIXELS, tinyEngine } from '../fixtures/tiny.js';

// 7 batches of 8 and one of 5: the last step of two replicas has two batches, and they are unequal.
const images = makeImages(61);

/** x tanh(w): what is made of the weights before the shards is needed again for their gradient. */
class Bounded extends Layer<LayerOptions & { units: number }> {
  kernel!: Variable;

  override build([, inputs]: Shape) {
    this.kernel = this.addVariable('kernel', [inputs, this.options.units]);
  }

  call(x: SymbolicTensor) {
    return matmul(x, tanh(this.kernel));
  }
}
const bounded = defineLayer('bounded', Bounded, ['units']);

function modelOf(engine: Engine, optimizer = adam({ learningRate: 0.01 })): Model {
  const model = engine.sequential([
    bounded({ units: 8, inputShape: [PIXELS] }),
    dense({ units: CLASSES, kernelRegularizer: regularizers.l2({ l2: 0.01 }) }),
  ]);
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

async function trained(backend: Backend, strategy: ReplicaStrategy, optimizer = adam({ learningRate: 0.01 })) {
  await using engine = await tinyEngine({ backend, workers: 'inline' });
  const model = modelOf(engine, optimizer);
  const { history, report } = await model.fit(images, { epochs: 2, batchSize: 8, strategy });
  return { history, report, bits: bitsOf(model) };
}

describe('a training program that is cut in two computes what the whole one does, to the bit, under', () => {
  const strategies: Record<string, ReplicaStrategy> = {
    'a parameter server, two replicas and one batch': parameterServer({ replicas: 2, staleness: 0 }),
    'a parameter server, three replicas and one batch': parameterServer({ replicas: 3, staleness: 0 }),
    'a parameter server and a codec': parameterServer({ replicas: 1, staleness: 0, codec: quantized() }),
    'local SGD': localSgd({ replicas: 1, every: 2, outer: sgd({ learningRate: 0.7, momentum: 0.9 }) }),
    'elastic averaging': elasticAveraging({ replicas: 1, every: 2 }),
    hogwild: hogwild({ replicas: 1 }),
  };
  for (const [name, strategy] of Object.entries(strategies)) {
    test(name, async () => {
      const optimizer = name === 'hogwild' ? sgd({ learningRate: 0.05 }) : adam({ learningRate: 0.01 });
      const [on, off] = [await trained(beside(js()), strategy, optimizer), await trained(js(), strategy, optimizer)];
      expect(on.history).toEqual(off.history);
      expect(on.bits).toEqual(off.bits);
      expect(off.report?.replicas.every(({ device }) => device === null)).toBe(true);
    });
  }
});

test('each replica computes on its own, and there are as many as the executor says', async () => {
  const { report } = await trained(beside(js()), parameterServer({ staleness: 1 }));
  expect(report?.replicas.map(({ device }) => device)).toEqual(['beside replica 0', 'beside replica 1']);
  expect(report?.updates.applied).toBe(16);
});

test('a step that is not finite ends the run with the weights before it', async () => {
  const optimizer = sgd({ learningRate: 1e30 });
  for (const strategy of [parameterServer({ replicas: 2, staleness: 1 }), localSgd({ replicas: 2, every: 2 })]) {
    await using engine = await tinyEngine({ backend: beside(js()), workers: 'inline' });
    const model = modelOf(engine, optimizer);
    await expect(model.fit(images, { epochs: 4, batchSize: 8, strategy })).rejects.toMatchObject({
      code: 'NON_FINITE',
    });
    expect(model.weights.every((variable) => variable.dataSync().every(Number.isFinite))).toBe(true);
  }
});

test('what is trained may change at a fence', async () => {
  await using engine = await tinyEngine({ backend: beside(js()), workers: 'inline' });
  const model = modelOf(engine);
  const [first] = model.layers;
  const onFence = (): void => void (first.trainable = false);
  const fences = { stepsPerFence: 3, callbacks: { onFence } };
  await model.fit(images, { batchSize: 8, strategy: parameterServer({ replicas: 2, staleness: 1 }), ...fences });
  const frozen = bitsOf(model);
  await model.fit(images, { batchSize: 8, strategy: parameterServer({ replicas: 2, staleness: 0 }) });
  const after = bitsOf(model);
  const same = Object.keys(after).filter((name) => after[name] === frozen[name]);
  expect(same).toEqual(first.weights.map(({ name }) => name));
});

test('a simulated world is refused, for it has one thread compute for all', async () => {
  await using engine = await tinyEngine({ backend: beside(js()), workers: 'inline' });
  const strategy = simulated(parameterServer({ replicas: 2 }), { computeMs: 1 });
  await expectRefusal(() => modelOf(engine).fit(images, { strategy }), {
    code: 'STRATEGY_BACKEND',
    says: ["fit: simulated 'parameterServer'", "backend 'beside' computes on a device", 'wasm()'],
  });
});

test('an executor that cannot do single steps is refused', async () => {
  await using engine = await tinyEngine({ backend: beside(js(), { prompt: false }), workers: 'inline' });
  const strategy = hogwild({ replicas: 2 });
  await expectRefusal(() => modelOf(engine, sgd({ learningRate: 0.1 })).fit(images, { strategy }), {
    code: 'STRATEGY_BACKEND',
    says: ["strategy 'hogwild'", "backend 'beside'", 'no runNow'],
  });
});
