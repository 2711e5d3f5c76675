import { wasm } from '@convoy/backend-wasm';
import { createEngine, type Model } from '@convoy/engine';
import { loadDataSet, type DataSet } from './data-set.js';
import { makeOutFolder, shortPath } from '../command/out-folder.js';
import { buildNetwork, plugins } from './network.js';
import type { Options } from './options.js';
import { paintWith } from './paint.js';
import { predictionsOf } from './predictions.js';
import { ProgressBar } from './progress-bar.js';
import { progressOf } from './progress.js';
import { describeData, report } from './report.js';
import type { Screen } from '../command/screen.js';

/**
 * Trains, tests, saves, and loads again.
 *
 * @returns whether the loaded model predicts the very same
 * @throws the signal's reason when it is aborted
 */
export async function trainAndShow(options: Options, screen: Screen, signal: AbortSignal): Promise<boolean> {
  const { workers, seed, out } = options;
  const data = await loadDataSet(options.data);
  await makeOutFolder(out, 'the model');
  screen.print(describeData(data));

  const engine = await createEngine({ backend: wasm(), workers, seed, plugins });
  try {
    const model = buildNetwork(engine, data, options);
    screen.print(`${model.summary({ batchSize: options.batchSize })}\n`);
    await train(model, data, options, screen, signal);

    const logits = await testLogits(model, data, signal);
    const predictions = predictionsOf(logits, data.test.labels);
    screen.print(`\n${report(predictions, data, screen.columns, paintWith(screen.colours))}\n`);

    await model.save(out);
    screen.print(`Saved in ${shortPath(out)}`);
    const again = await testLogits(await engine.load(out), data, signal);
    const identical = logits.every((logit, i) => Object.is(logit, again[i]));
    const images = predictions.length.toLocaleString('en-US');
    const verdict = identical ? 'identical' : 'NOT identical';
    screen.print(`Loaded again: its predictions for the ${images} test images are ${verdict}`);
    return identical;
  } finally {
    await engine.dispose();
  }
}

async function train(
  model: Model,
  { train: { images, labels } }: DataSet,
  options: Options,
  screen: Screen,
  signal: AbortSignal,
) {
  const { epochs, batchSize } = options;
  const start = performance.now();
  const bar = new ProgressBar(screen);
  try {
    const run = model.fit({ x: images, y: labels }, { epochs, batchSize, signal });
    for await (const progress of progressOf(run, labels.length)) bar.show(progress);
  } finally {
    bar.stop();
  }
  screen.print(`Trained in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

async function testLogits(model: Model, { test }: DataSet, signal: AbortSignal) {
  const logits = await model.predict(test.images, { signal });
  return logits.data();
}
