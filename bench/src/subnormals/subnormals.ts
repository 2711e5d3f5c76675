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

/** What is made subnormal: a model for each of two sizes, the ordinary one first. */
interface Case {
  readonly sizes: readonly [ordinary: number, subnormal: number];
  readonly momentum: number;
  readonly prepare: (model: Model, size: number) => void;
}

const cases: Readonly<Record<string, Case>> = {
  'gradients from the last layer on': { sizes: [1, TINY], momentum: 0, prepare: scaleLastKernel },
  'moments of dead units': { sizes: [0, 1e-40], momentum: 0.9, prepare: silence },
};

/** A step on subnormal numbers beside the same step on ordinary ones, in turn. */
export async function subnormals(): Promise<void> {
  console.log(`${machineLine()}\nmedian of ${ROUNDS} rounds, one thread\n`);
  console.log(
    '| net | subnormal | ordinary, ms a step | subnormal, ms a step | ratio |\n| --- | --- | ---: | ---: | ---: |',
  );
  for (const [name, net] of Object.entries(nets)) {
    for (const [what, { sizes, momentum, prepare }] of Object.entries(cases)) {
      const engines: Engine[] = [];
      try {
        const models: Model[] = [];
        for (const size of sizes) {
          const engine = await createEngine({ backend: wasm(), workers: 1, seed: 1 });
          engines.push(engine);
          const model = modelOf(engine, net, LEARNING_RATE, momentum);
          prepare(model, size);
          models.push(model);
        }
        const times = await inTurn(models, net);
        const [ordinary, subnormal] = times.map(median);
        const ratio = `${(subnormal / ordinary).toFixed(2)}×`;
        console.log(`| ${name} | ${what} | ${ordinary.toFixed(2)} | ${subnormal.toFixed(2)} | ${ratio} |`);
      } finally {
        await Promise.all(engines.map((engine) => engine.dispose()));
      }
    }
  }
}

function scaleLastKernel(model: Model, scale: number): void {
  const kernel = model.weights.findLast(({ shape }) => shape.length === 2);
  kernel?.assign(kernel.dataSync().map((value) => scale * value));
}

/** Biases far below 0, so that no unit before the last layer gets a gradient; what the optimizer keeps of each weight is `moment`. */
function silence(model: Model, moment: number): void {
  const biases = model.weights.filter(({ shape }) => shape.length === 1);
  for (const variable of biases) variable.assign(new Float32Array(variable.size).fill(-1e3));
  const kept = model.training.variables.filter(({ shape }) => shape.length > 0);
  for (const variable of kept) variable.assign(new Float32Array(variable.size).fill(moment));
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
