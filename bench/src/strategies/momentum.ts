import { wasm } from '@convoy/backend-wasm';
import { createEngine, parameterServer, synchronous, type Strategy } from '@convoy/engine';
import { loadDataSet } from '@convoy/examples/digits';
import { sgd } from '@convoy/optimizers';
import { modelOf } from '../nets/model-of.js';
import { nets } from '../nets/nets.js';

const REPLICAS = 4;
const LEARNING_RATE = 0.02;
/** Good for synchronous training. */
const MOMENTUM = 0.9;
const RECIPE = { epochs: 2, batchSize: 32 } as const;

/** Asynchrony begets momentum: what corrects it, see docs/async-training.md. */
const corrected = Math.max(0, 1 - REPLICAS * (1 - MOMENTUM));

const cases: readonly { readonly name: string; readonly strategy: Strategy; readonly kept: number }[] = [
  { name: 'synchronous', strategy: synchronous(), kept: MOMENTUM },
  ...[MOMENTUM, corrected].map((kept) => ({
    name: `parameterServer, staleness ∞, ${REPLICAS} replicas`,
    strategy: parameterServer({ replicas: REPLICAS, staleness: Infinity }),
    kept,
  })),
];

/** Test accuracy on the digits with and without the correction of the momentum. */
export async function momentum(): Promise<void> {
  const { train, test } = await loadDataSet(undefined);
  const scaled = (images: Uint8Array): Float32Array => Float32Array.from(images, (byte) => byte / 255);
  const data = { x: scaled(train.images), y: train.labels };
  const testData = { x: scaled(test.images), y: test.labels };
  const { epochs, batchSize } = RECIPE;
  console.log(`digits, ${epochs} epochs, batches of ${batchSize}, SGD with rate ${LEARNING_RATE}\n`);
  console.log('| strategy | momentum | test accuracy |\n| --- | ---: | ---: |');
  for (const { name, strategy, kept } of cases) {
    const engine = await createEngine({ backend: wasm(), workers: 2, seed: 1 });
    try {
      const model = modelOf(engine, nets['digits'], LEARNING_RATE);
      model.compile({
        optimizer: sgd({ learningRate: LEARNING_RATE, momentum: kept }),
        loss: 'sparseCategoricalCrossentropy',
        metrics: ['accuracy'],
      });
      await model.fit(data, { ...RECIPE, strategy });
      const { accuracy } = await model.evaluate(testData);
      console.log(`| ${name} | ${kept.toFixed(2)} | ${(100 * accuracy).toFixed(1)} % |`);
    } finally {
      await engine.dispose();
    }
  }
}
