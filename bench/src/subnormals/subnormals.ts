import { wasm } from '@convoy/backend-wasm';
import { createEngine, type Engine, type Model } from '@convoy/engine';
import { machineLine } from '../machine.js';
import { median } from '../median.js';
import { madeImages } from '../nets/made-images.js';
import { modelOf } from '../nets/model-of.js';
import { nets, type Net } from '../nets/nets.js';

const ROUNDS = 7;
const STEPS = 20;
/** The last kernel is multiplied by so much: all gradients before it are below 1.2e-38. */
const TINY = 1e-38;
/** So small that the weights stay what they are. */
const LEARNING_RATE = 1e-30;

/** A step whose gradients are subnormal numbers from the last layer on, beside the same step with ordinary ones, in turn. */
export async function subnormals(): Promise<void> {
  console.log(`${machineLine()}\nmedian of ${ROUNDS} rounds, one thread\n`);
  console.log('| net | ordinary, ms a step | subnormal, ms a step | ratio |\n| --- | ---: | ---: | ---: |');
  for (const [name, net] of Object.entries(nets)) {
    const engines: Engine[] = [];
    try {
      const models: Model[] = [];
      for (const scale of [1, TINY]) {
        const engine = await createEngine({ backend: wasm(), workers: 1, seed: 1 });
        engines.push(engine);
        models.push(scaled(modelOf(engine, net, LEARNING_RATE), scale));
      }
      const times = await inTurn(models, net);
      const [ordinary, subnormal] = times.map(median);
      const ratio = `${(subnormal / ordinary).toFixed(2)}×`;
      console.log(`| ${name} | ${ordinary.toFixed(2)} | ${subnormal.toFixed(2)} | ${ratio} |`);
    } finally {
      await Promise.all(engines.map((engine) => engine.dispose()));
    }
  }
}

function scaled(model: Model, scale: number): Model {
  const kernel = model.weights.findLast(({ shape }) => shape.length === 2);
  kernel?.assign(kernel.dataSync().map((value) => scale * value));
  return model;
}

/** Milliseconds a step of each model, round by round; the first round is not counted. */
async function inTurn(models: readonly Model[], net: Net): Promise<number[][]> {
  const data = madeImages(net, STEPS * net.batchSize);
  const times: number[][] = models.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, model] of models.entries()) {
      for await (const event of model.fit(data, { batchSize: net.batchSize })) {
        if (event.type === 'epochEnd' && round > 0) times[i].push((1000 * event.seconds) / STEPS);
      }
    }
  }
  return times;
}
