import { wasm } from '@convoy/backend-wasm';
import { createEngine, type Engine, type Model } from '@convoy/engine';
import { machineLine } from '../machine.js';
import { median } from '../median.js';
import { madeImages } from '../nets/made-images.js';
import { modelOf } from '../nets/model-of.js';
import { nets } from '../nets/nets.js';
import { RegisterLoop } from './register-loop.js';

const ROUNDS = 7;
const EXAMPLES = 1536;
const NET = 'keras-mnist';
const LEARNING_RATE = 0.01;

/**
 * Training with two workers against one, beside a register-only loop on two threads against one, all in turn in each
 * round: a core that the host takes away is missing from both.
 */
export async function scaling(): Promise<void> {
  const net = nets[NET];
  const data = madeImages(net, EXAMPLES);
  const loop = new RegisterLoop(2);
  const engines: Engine[] = [];
  const model = async (workers: number): Promise<Model> => {
    const engine = await createEngine({ backend: wasm(), workers, seed: 1 });
    engines.push(engine);
    return modelOf(engine, net, LEARNING_RATE);
  };
  const rounds: { loop: number; training: number; imagesPerSecond: number }[] = [];
  try {
    const [one, two] = [await model(1), await model(2)];
    // The first runs start threads and let the compiler of V8 see the loops.
    for (const warm of [one, two]) await imagesPerSecond(warm, data);
    await loop.rate(2);
    console.log(`${machineLine()}\n${NET}, ${EXAMPLES} images an epoch, batch ${net.batchSize}\n`);
    console.log('round   loop ×2   training ×2   share of the loop   images/s, 2 workers');
    for (let round = 1; round <= ROUNDS; round++) {
      const [loopOne, trainOne] = [await loop.rate(1), await imagesPerSecond(one, data)];
      const [loopTwo, trainTwo] = [await loop.rate(2), await imagesPerSecond(two, data)];
      const result = { loop: loopTwo / loopOne, training: trainTwo / trainOne, imagesPerSecond: trainTwo };
      rounds.push(result);
      console.log(line(String(round), result));
    }
  } finally {
    await Promise.all(engines.map((engine) => engine.dispose()));
    await loop.stop();
  }
  const shares = rounds.map(({ loop: ideal, training }) => training / ideal);
  const middle = {
    loop: median(rounds.map((r) => r.loop)),
    training: median(rounds.map((r) => r.training)),
    imagesPerSecond: median(rounds.map((r) => r.imagesPerSecond)),
  };
  console.log(line('median', middle, median(shares)));
}

async function imagesPerSecond(model: Model, data: { x: Float32Array; y: Int32Array }): Promise<number> {
  let seconds = Number.NaN;
  for await (const event of model.fit(data, { batchSize: nets[NET].batchSize }))
    if (event.type === 'epochEnd') ({ seconds } = event);
  return EXAMPLES / seconds;
}

type Round = { loop: number; training: number; imagesPerSecond: number };

function line(name: string, { loop, training, imagesPerSecond: rate }: Round, share = training / loop): string {
  return [
    name.padEnd(6),
    loop.toFixed(2).padStart(9),
    training.toFixed(2).padStart(13),
    `${(100 * share).toFixed(0)} %`.padStart(19),
    rate.toFixed(0).padStart(21),
  ].join('');
}
