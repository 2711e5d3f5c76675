import { wasm } from '@convoy/backend-wasm';
import { createEngine, hogwild } from '@convoy/engine';
import { madeImages } from '../nets/made-images.js';
import { modelOf } from '../nets/model-of.js';
import { nets, type Net } from '../nets/nets.js';
import { meanStaleness, timedFit } from './timed-fit.js';

const LEARNING_RATE = 0.001;

/** As good as nothing to compute between two adds. */
const tiny: Net = { batchSize: 1, input: [8, 8, 1], classes: 10, layers: [{ kind: 'flatten' }, denseOf(10)] };

const cases: readonly {
  readonly name: string;
  readonly net: Net;
  readonly batchSize: number;
  readonly updates: number;
}[] = [
  { name: 'digits', net: nets['digits'], batchSize: 32, updates: 1000 },
  { name: 'digits', net: nets['digits'], batchSize: 1, updates: 10_000 },
  { name: 'one dense layer, 8×8 images', net: tiny, batchSize: 1, updates: 50_000 },
];

/** How many of hogwild's adds overwrite each other: more, the less there is to compute between two. */
export async function lostUpdates(): Promise<void> {
  console.log('| net | batch | replicas | updates | mean staleness | lost, of a million |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { name, net, batchSize, updates } of cases) {
    for (const replicas of [2, 4]) {
      const engine = await createEngine({ backend: wasm(), workers: 1, seed: 1 });
      try {
        const model = modelOf(engine, net, LEARNING_RATE);
        const data = madeImages(net, updates * batchSize);
        const { report } = await timedFit(model, data, { batchSize, strategy: hogwild({ replicas }) });
        if (!report) continue;
        const { applied, lostShare } = report.updates;
        const cells = [applied, meanStaleness(report).toFixed(2), (1e6 * lostShare).toFixed(1)];
        console.log(`| ${name} | ${batchSize} | ${replicas} | ${cells.join(' | ')} |`);
      } finally {
        await engine.dispose();
      }
    }
  }
}

function denseOf(units: number): Net['layers'][number] {
  return { kind: 'dense', units, relu: false };
}
