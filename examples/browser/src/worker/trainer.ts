/** Entry of the page's worker: the code is that of any program in Node, with another source of data. */
import { webgpu } from '@convoy/backend-webgpu';
import { createEngine, type Engine, type Model } from '@convoy/engine';
import { buildNetwork, plugins } from '@convoy/examples/digits/network';
import type { Guess, News, Recipe } from '../messages.js';
import { fetchDigits, type Digits } from './fetch-digits.js';

/** Test images shown, from all of them: they come class by class. */
const SHOWN = 36;

function tell(news: News): void {
  globalThis.postMessage(news);
}

globalThis.addEventListener('message', ({ data }: MessageEvent<Recipe>) => {
  trainAndTest(data).catch((error: unknown) => {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
});

async function trainAndTest(recipe: Recipe): Promise<void> {
  if (!crossOriginIsolated) {
    throw new Error('This page has no shared memory: its server must send COOP and COEP, as that of the example does.');
  }
  await tellAdapter();
  const digits = await fetchDigits(recipe.images, recipe.testImages);
  const engine: Engine = await createEngine({ backend: webgpu(), seed: recipe.seed, plugins });
  try {
    const model = buildNetwork(engine, digits, recipe);
    const start = performance.now();
    await train(model, digits, recipe);
    const seconds = (performance.now() - start) / 1000;
    tell({ type: 'end', seconds, ...(await test(model, digits)) });
  } finally {
    await engine.dispose();
  }
}

async function tellAdapter(): Promise<void> {
  const adapter = await navigator.gpu?.requestAdapter();
  // Without one the backend says what is missing.
  if (!adapter) return;
  const { device, description, vendor, architecture, isFallbackAdapter } = adapter.info;
  const name = description || device || [vendor, architecture].filter((part) => part !== '').join(' ');
  tell({ type: 'adapter', name: name || 'no name given', software: isFallbackAdapter });
}

async function train(model: Model, { train: { images, labels } }: Digits, recipe: Recipe): Promise<void> {
  const { epochs, batchSize } = recipe;
  for await (const event of model.fit({ x: images, y: labels }, { epochs, batchSize })) {
    if (event.type === 'begin') tell({ type: 'begin', steps: event.epochs * (event.stepsPerEpoch ?? 0) });
    if (event.type === 'step') {
      const { examples, examplesPerSecond, logs } = event;
      tell({ type: 'step', loss: logs['loss'], accuracy: logs['accuracy'], examples, examplesPerSecond });
    }
  }
}

async function test(model: Model, digits: Digits): Promise<{ testAccuracy: number; guesses: Guess[] }> {
  const { images, labels } = digits.test;
  const predictions = await model.predict(images);
  const logits = await predictions.data();
  const classes = digits.classes.length;
  const pixels = digits.height * digits.width;
  const guesses = [...labels].map((truth, row): Guess => {
    const mine = logits.subarray(row * classes, (row + 1) * classes);
    const image = images.slice(row * pixels, (row + 1) * pixels);
    return { image, side: digits.width, truth, predicted: mine.indexOf(Math.max(...mine)) };
  });
  const right = guesses.filter(({ truth, predicted }) => truth === predicted).length;
  const shown = Math.min(SHOWN, guesses.length);
  return {
    testAccuracy: right / guesses.length,
    guesses: Array.from({ length: shown }, (_, i) => guesses[Math.floor((i * guesses.length) / shown)]),
  };
}
