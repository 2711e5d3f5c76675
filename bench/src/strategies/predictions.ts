import { wasm } from '@convoy/backend-wasm';
import {
  createEngine,
  elasticAveraging,
  hogwild,
  localSgd,
  parameterServer,
  simulate,
  type ReplicaReport,
  type ReplicaStrategy,
} from '@convoy/engine';
import { median } from '../median.js';
import { madeImages } from '../nets/made-images.js';
import { modelOf } from '../nets/model-of.js';
import { nets } from '../nets/nets.js';
import { meanStaleness, timedFit } from './timed-fit.js';

const ROUNDS = 3;
const BATCH = 32;
const BATCHES = 96;
const NET = 'digits';
const LEARNING_RATE = 0.001;

const strategies: Readonly<Record<string, (replicas: number) => ReplicaStrategy>> = {
  'parameterServer, staleness 0': (replicas) => parameterServer({ replicas, staleness: 0 }),
  'parameterServer, staleness 2': (replicas) => parameterServer({ replicas, staleness: 2 }),
  'parameterServer, staleness ∞': (replicas) => parameterServer({ replicas, staleness: Infinity }),
  hogwild: (replicas) => hogwild({ replicas }),
  localSgd: (replicas) => localSgd({ replicas }),
  elasticAveraging: (replicas) => elasticAveraging({ replicas }),
};

interface Outcome {
  readonly batchesPerSecond: number;
  readonly staleness: number;
}

/**
 * What `simulate` predicts beside what happens. It is told how long a replica computed a batch in that very run, and the time between a
 * gradient and the next batch, as a server with one replica has it.
 */
export async function predictions(): Promise<void> {
  const net = nets[NET];
  const data = madeImages(net, BATCHES * BATCH);
  const engine = await createEngine({ backend: wasm(), workers: 1, seed: 1 });
  try {
    const model = modelOf(engine, net, LEARNING_RATE);
    const run = async (strategy: ReplicaStrategy): Promise<ReplicaReport> => {
      const { report } = await timedFit(model, data, { strategy, batchSize: BATCH });
      return report as ReplicaReport;
    };
    const server = parameterServer({ replicas: 1 });
    await run(server);
    const alone = await run(server);
    const betweenMs = (1000 * (alone.seconds - alone.replicas[0].busySeconds)) / BATCHES;
    console.log(`${NET}, batches of ${BATCH}, ${betweenMs.toFixed(2)} ms between batches; median of ${ROUNDS} runs\n`);
    console.log('| strategy | replicas | ms a batch | batches/s | predicted | error | staleness | predicted |');
    console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
    for (const replicas of [1, 2]) {
      for (const [name, strategy] of Object.entries(strategies)) {
        const runs: { computeMs: number; real: Outcome; predicted: Outcome }[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const report = await run(strategy(replicas));
          const computeMs = msOf(report);
          const world = {
            batches: BATCHES,
            computeMs: (replica: number) => computeMs[replica],
            latencyMs: betweenMs / 2,
          };
          const predicted = await simulate(strategy(replicas), world);
          runs.push({ computeMs: median(computeMs), real: outcomeOf(report), predicted: outcomeOf(predicted) });
        }
        console.log(line(name, replicas, runs));
      }
    }
  } finally {
    await engine.dispose();
  }
}

/** Milliseconds that each replica computed a batch. */
function msOf({ replicas }: ReplicaReport): number[] {
  return replicas.map(({ busySeconds, batches }) => (1000 * busySeconds) / Math.max(1, batches));
}

function outcomeOf(report: ReplicaReport): Outcome {
  return { batchesPerSecond: BATCHES / report.seconds, staleness: meanStaleness(report) };
}

function line(
  name: string,
  replicas: number,
  runs: readonly { computeMs: number; real: Outcome; predicted: Outcome }[],
) {
  const of = (value: (run: (typeof runs)[number]) => number): number => median(runs.map(value));
  const error = of(({ real, predicted }) => predicted.batchesPerSecond / real.batchesPerSecond - 1);
  const cells = [
    of((run) => run.computeMs).toFixed(2),
    of((run) => run.real.batchesPerSecond).toFixed(1),
    of((run) => run.predicted.batchesPerSecond).toFixed(1),
    `${error < 0 ? '−' : '+'}${(100 * Math.abs(error)).toFixed(1)} %`,
    of((run) => run.real.staleness).toFixed(2),
    of((run) => run.predicted.staleness).toFixed(2),
  ];
  return `| ${name} | ${replicas} | ${cells.join(' | ')} |`;
}
