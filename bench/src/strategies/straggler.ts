import { createEngine, hogwild, parameterServer, synchronous, type FitOptions } from '@convoy/engine';
import { Straggler } from '@convoy/examples/async';
import { median } from '../median.js';
import { madeImages } from '../nets/made-images.js';
import { modelOf } from '../nets/model-of.js';
import { nets } from '../nets/nets.js';
import { timedFit } from './timed-fit.js';

const ROUNDS = 5;
const EXAMPLES = 3072;
const REPLICAS = 2;
/** Of a replica, and of a worker's shard. */
const BATCH = 32;
const TIMES = 4;
const NET = 'digits';
const LEARNING_RATE = 0.001;

const STATIC = 'synchronous, a shard for each worker';
const contenders: Readonly<Record<string, FitOptions>> = {
  [STATIC]: { strategy: synchronous({ claim: 'static' }), shards: REPLICAS, batchSize: REPLICAS * BATCH },
  'synchronous, workers claim shards': { strategy: synchronous(), batchSize: REPLICAS * BATCH },
  'parameterServer, staleness 2': { strategy: parameterServer({ replicas: REPLICAS, staleness: 2 }), batchSize: BATCH },
  'parameterServer, staleness ∞': {
    strategy: parameterServer({ replicas: REPLICAS, staleness: Infinity }),
    batchSize: BATCH,
  },
  hogwild: { strategy: hogwild({ replicas: REPLICAS }), batchSize: BATCH },
};

/** Throughput with two threads that compute, of which one takes four times as long, all in turn in each round. */
export async function straggler(): Promise<void> {
  const slow = new Straggler(TIMES);
  const net = nets[NET];
  const data = madeImages(net, EXAMPLES);
  const rates = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  const engine = await createEngine({ backend: slow.backend, workers: REPLICAS, seed: 1 });
  try {
    const model = modelOf(engine, net, LEARNING_RATE);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, options] of Object.entries(contenders)) {
        slow.choose();
        const { seconds } = await timedFit(model, data, options);
        // The first round lets the compiler of V8 see the loops.
        if (round > 0) rates.get(name)?.push(EXAMPLES / seconds);
      }
    }
  } finally {
    await engine.dispose();
  }
  console.log(
    `${NET}, ${REPLICAS} threads, one slowed ${TIMES} times; median of ${ROUNDS} rounds, ratios within a round\n`,
  );
  console.log('| strategy | images/s | against a shard for each worker |\n| --- | ---: | ---: |');
  const base = rates.get(STATIC) ?? [];
  for (const [name, own] of rates) {
    const ratio = median(own.map((rate, round) => rate / base[round]));
    console.log(`| ${name} | ${median(own).toFixed(0)} | ${ratio.toFixed(2)}× |`);
  }
}
