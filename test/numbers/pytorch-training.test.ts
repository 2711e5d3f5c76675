import { readFileSync } from 'node:fs';
import { js } from '@convoy/backend-js';
import { conv2d } from '@convoy/conv2d';
import { createEngine, type Engine, type Model, type Optimizer } from '@convoy/engine';
import { dense, flatten, maxPooling2d } from '@convoy/layers';
import { adam, sgd } from '@convoy/optimizers';
import { expect, test } from 'vitest';
import { expectClose } from './expect-close.js';

interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

type OptimizerSettings =
  | { readonly name: 'sgd'; readonly learningRate: number; readonly momentum: number; readonly nesterov: boolean }
  | {
      readonly name: 'adam';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

interface TrainingRun {
  readonly name: string;
  readonly optimizer: OptimizerSettings;
  readonly loss: 'softmaxCrossEntropy' | 'meanSquaredError';
  readonly initial: Readonly<Record<string, Values>>;
  readonly batches: readonly { readonly x: Values; readonly y: Values }[];
  readonly losses: readonly number[];
  readonly gradients: Readonly<Record<string, Values>>;
  readonly final: Readonly<Record<string, Values>>;
}

/** Made by test/oracles/training.py, which describes network, losses and optimizers, in double precision. */
const file = new URL('../fixtures/pytorch-training.json', import.meta.url);
const { runs } = JSON.parse(readFileSync(file, 'utf8')) as { readonly runs: readonly TrainingRun[] };

/** Float32 rounds by 6e-8 at each of some thousand operations of six steps. */
const TOLERANCE = 1e-5;

function optimizerOf({ name, ...settings }: OptimizerSettings): Optimizer {
  return name === 'sgd' ? sgd(settings) : adam(settings);
}

/** The network of the script with its initial weights. */
function networkOf(engine: Engine, run: TrainingRun, optimizer: Optimizer): Model {
  const classes = run.loss === 'softmaxCrossEntropy';
  const model = engine.sequential([
    conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [8, 8, 1] }),
    maxPooling2d({ poolSize: 2 }),
    conv2d({ filters: 6, kernelSize: 3, activation: 'tanh' }),
    flatten(),
    dense({ units: classes ? 5 : 3 }),
  ]);
  model.compile({ optimizer, loss: classes ? 'sparseCategoricalCrossentropy' : 'meanSquaredError' });
  for (const variable of model.weights) {
    const { shape, values } = run.initial[keyOf(variable.name)];
    expect(variable.shape).toEqual(shape);
    variable.assign(values);
  }
  return model;
}

/** 'conv2d_1/kernel:0' is 'conv2d_1/kernel' in the script. */
function keyOf(variable: string): string {
  return variable.replace(':0', '');
}

/** The first `steps` batches, one after the other. */
function dataOf(run: TrainingRun, steps: number) {
  const batches = run.batches.slice(0, steps);
  const x = Float32Array.from(batches.flatMap((batch) => batch.x.values));
  const y = batches.flatMap((batch) => batch.y.values);
  return { x, y: run.loss === 'softmaxCrossEntropy' ? Int32Array.from(y) : Float32Array.from(y) };
}

for (const run of runs) {
  const { batches, losses, initial, gradients, final } = run;
  const [{ x }] = batches;
  const batchSize = x.shape[0];

  for (const workers of ['inline', 2] as const) {
    test(`${run.name}, workers ${workers}: the loss of each step and the weights after the last`, async () => {
      await using engine = await createEngine({ backend: js(), workers });
      const model = networkOf(engine, run, optimizerOf(run.optimizer));
      const seen: number[] = [];
      for await (const event of model.fit(dataOf(run, losses.length), { batchSize, shuffle: false, shards: 3 })) {
        if (event.type === 'step') seen.push(event.logs['loss']);
      }
      expect(seen.length).toBe(losses.length);
      losses.forEach((loss, step) => expectClose([seen[step]], [loss], TOLERANCE));
      for (const variable of model.weights) {
        expectClose(variable.dataSync(), final[keyOf(variable.name)].values, TOLERANCE);
      }
    });
  }

  test(`${run.name}: the gradients of the first step`, async () => {
    await using engine = await createEngine({ backend: js(), workers: 'inline' });
    const rate = 4096;
    const model = networkOf(engine, run, sgd({ learningRate: rate }));
    await model.fit(dataOf(run, 1), { batchSize, shards: 4 });
    for (const variable of model.weights) {
      const key = keyOf(variable.name);
      // So large a rate leaves little of the weight that the product is taken from.
      const gradient = variable.dataSync().map((value, i) => (initial[key].values[i] - value) / rate);
      expectClose(gradient, gradients[key].values, TOLERANCE);
    }
  });
}
