import { wasm } from '@convoy/backend-wasm';
import { createEngine, hogwild, synchronous, type Strategy } from '@convoy/engine';
import { buildNetwork, loadDataSet } from '@convoy/examples/digits';

const SEEDS = [1, 2, 3, 4, 5];
const REPLICAS = 2;
/** Those of `npm start`. */
const RECIPE = { epochs: 8, batchSize: 64 } as const;

const contenders: Readonly<Record<string, Strategy>> = {
  synchronous: synchronous(),
  hogwild: hogwild({ replicas: REPLICAS }),
};

/** Test accuracy on the digits after the same number of images, by seed. */
export async function accuracy(): Promise<void> {
  const data = await loadDataSet(undefined);
  const { images, labels } = data.train;
  console.log(`digits, ${RECIPE.epochs} epochs, batches of ${RECIPE.batchSize}, ${REPLICAS} threads\n`);
  console.log(`| strategy | ${SEEDS.map((seed) => `seed ${seed}`).join(' | ')} | mean |`);
  console.log(`| --- | ${'---: | '.repeat(SEEDS.length)}---: |`);
  for (const [name, strategy] of Object.entries(contenders)) {
    const found: number[] = [];
    for (const seed of SEEDS) {
      const engine = await createEngine({ backend: wasm(), workers: REPLICAS, seed });
      try {
        const model = buildNetwork(engine, data, RECIPE);
        await model.fit({ x: images, y: labels }, { ...RECIPE, strategy });
        found.push((await model.evaluate({ x: data.test.images, y: data.test.labels })).accuracy);
      } finally {
        await engine.dispose();
      }
    }
    const mean = found.reduce((sum, each) => sum + each, 0) / found.length;
    console.log(`| ${name} | ${[...found, mean].map((share) => `${(100 * share).toFixed(2)} %`).join(' | ')} |`);
  }
}
