import { wasm } from '@convoy/backend-wasm';
import { conv2d } from '@convoy/conv2d';
import {
  add,
  createEngine,
  Layer,
  mul,
  reduceMean,
  reduceSum,
  ValueError,
  type Engine,
  type LayerOptions,
  type SymbolicTensor,
  type Variable,
} from '@convoy/engine';
import { sgd } from '@convoy/optimizers';
import { describe, expect, test } from 'vitest';
import { freshEngine } from './engine-for-tests.js';
import { expectError, untyped } from './expect-error.js';
import { dot, expectClose, wave } from './numbers.js';
import { Statistics } from './statistics-layer.js';

const N = 13;
const x = wave(N * 3 * 3 * 2);
const y = new Float32Array(N * 9);

function modelWith(engine: Engine, statistics: Layer) {
  const input = engine.input({ shape: [3, 3, 2] });
  const model = engine.model({
    inputs: input,
    outputs: conv2d({ filters: 1, kernelSize: 1 }).apply(statistics.apply(input)),
  });
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  return model;
}

/** A layer of one variable [2] and its update. */
class Updating extends Layer<
  LayerOptions & { readonly value: (variable: Variable) => SymbolicTensor; readonly trained?: boolean }
> {
  override build(): void {
    const { value, trained = false } = this.options;
    const variable = this.addVariable('kept', [2], { initializer: 'zeros', trainable: trained });
    this.addUpdate({ variable, value: value(variable) });
  }

  call(images: SymbolicTensor): SymbolicTensor {
    return mul(images, 1);
  }
}

describe('Losses and updates', () => {
  test('updates with reduction mean and sum are of the whole batch, with 1 and 4 shards, 1 and 3 workers', async () => {
    const channelMean = (channel: number): number =>
      x.filter((_, i) => i % 2 === channel).reduce((sum, v) => sum + v, 0) / (N * 9);
    for (const shards of [1, 4]) {
      for (const workers of ['inline', 1, 3] as const) {
        const engine = await createEngine({ backend: wasm(), workers, seed: 1 });
        try {
          const statistics = new Statistics({});
          const model = modelWith(engine, statistics);
          await model.fit({ x, y }, { batchSize: N, shards, epochs: 2, shuffle: false });
          expectClose(statistics.means.dataSync(), [channelMean(0) * 0.19, channelMean(1) * 0.19]);
          expectClose(statistics.total.dataSync(), [dot(x, new Float32Array(x.length).fill(1))], 1e-4);
          expect(statistics.steps.dataSync()).toEqual(Float32Array.of(2));
        } finally {
          await engine.dispose();
        }
      }
    }
  });

  test('updates are done once per step, and not by evaluate, predict or a concrete call', async () => {
    const engine = await freshEngine();
    const statistics = new Statistics({});
    const model = modelWith(engine, statistics);
    const seen: number[] = [];
    await model.fit(
      { x, y },
      {
        batchSize: 5,
        stepsPerFence: 1,
        callbacks: { onFence: () => void seen.push(statistics.steps.dataSync()[0]) },
      },
    );
    expect(seen.at(-1)).toBeGreaterThanOrEqual(2);
    expect(statistics.steps.dataSync()).toEqual(Float32Array.of(3));
    await model.evaluate({ x, y });
    await model.predict(x);
    statistics.apply(engine.tensor(x, [N, 3, 3, 2]));
    expect(statistics.steps.dataSync()).toEqual(Float32Array.of(3));
    expect(statistics.updates).toHaveLength(3);
  });

  test('updates stop while the layer is neither trainable nor stateful, and go on after', async () => {
    const engine = await freshEngine();
    const statistics = new Statistics({});
    const model = modelWith(engine, statistics);
    const counts: number[] = [];
    for (const trainable of [true, false, true]) {
      statistics.trainable = trainable;
      await model.fit({ x, y }, { batchSize: N });
      counts.push(statistics.steps.dataSync()[0]);
    }
    expect(counts).toEqual([1, 1, 2]);
  });

  test('a value for each example without its reduction is refused by compile', async () => {
    const engine = await freshEngine();
    class Forgetful extends Statistics {
      override call(images: SymbolicTensor): SymbolicTensor {
        this.addUpdate({ variable: this.means, value: reduceMean(images, { axes: [1, 2] }) }, [images]);
        return mul(images, 1);
      }
    }
    expectError(
      () => modelWith(engine, new Forgetful({ name: 'forgetful' })),
      ValueError,
      "addUpdate: the value for variable 'forgetful/means:0' has shape [batch, 2], one value for each example of the " +
        "batch; give reduction: 'mean' or 'sum'",
    );
  });

  test('a variable gets one next value: a trained one, or one with two updates, is refused by compile', async () => {
    const engine = await freshEngine();
    const message = /^compile: variable 'updating\/kept:0' would get two next values in a step; .*trainable: false/;
    const value = (variable: Variable) => add(variable.node, 1);
    expectError(() => modelWith(engine, new Updating({ name: 'updating', value, trained: true })), ValueError, message);
    const other = await freshEngine();
    const twice = new Updating({ name: 'updating', value });
    twice.apply(other.input({ shape: [3, 3, 2] }));
    const [variable] = twice.weights;
    twice.addUpdate({ variable, value: add(variable.node, 2) });
    expectError(() => modelWith(other, twice), ValueError, message);
  });

  test('a value of another shape than the variable is refused by compile', async () => {
    const engine = await freshEngine();
    const wrong = new Updating({ name: 'updating', value: (variable) => reduceSum(variable.node) });
    expectError(
      () => modelWith(engine, wrong),
      ValueError,
      "addUpdate: the value for variable 'updating/kept:0' must be a tensor in ops of shape [2], got shape []",
    );
  });

  test('what is no update is refused', async () => {
    const engine = await freshEngine();
    const layer = engine.bind(conv2d({ name: 'strict', filters: 1, kernelSize: 1 }));
    layer.build([null, 3, 3, 1]);
    for (const [i, value] of [3, null, {}, { variable: layer.kernel }, { value: layer.kernel?.node }].entries()) {
      expect(() => layer.addUpdate(untyped(value)), `value ${i}`).toThrow(/^layer 'strict': addUpdate /);
    }
    expect(layer.updates).toHaveLength(0);
  });

  test('getUpdatesFor answers by reachability; none while the layer is neither trainable nor stateful', async () => {
    const engine = await freshEngine();
    const statistics = new Statistics({});
    const [x1, x2] = [engine.input({ shape: [3, 3, 2] }), engine.input({ shape: [3, 3, 2] })];
    const y1 = add(x1, 1);
    const out1 = statistics.apply(y1);
    const [means, total, steps] = statistics.updates;
    expect(statistics.getUpdatesFor(null)).toEqual([steps]);
    expect(statistics.getUpdatesFor(x1)).toEqual([means, total]);
    expect(statistics.getUpdatesFor([y1])).toEqual([means, total]);
    expect(statistics.getUpdatesFor(out1)).toEqual([]);
    expect(statistics.getUpdatesFor(x2)).toEqual([]);
    statistics.apply(x2);
    expect(statistics.getUpdatesFor(x2)).toEqual(statistics.updates.slice(3, 5));
    expect(statistics.getUpdatesFor(x1)).toEqual([means, total]);
    statistics.trainable = false;
    expect(statistics.getUpdatesFor(null)).toEqual([]);
    expect(statistics.getUpdatesFor(x1)).toEqual([]);
  });
});
