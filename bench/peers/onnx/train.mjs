import { batchOf, readRecipe, serve } from '../recipe.mjs';
import { trainingGraph } from './training-graph.mjs';

/** Trains with either package of ONNX Runtime: both have the same interface. */
export async function trainWith(ort, version, optionsFor) {
  const recipe = readRecipe();
  const { batchSize, batches, classes, input, threads } = recipe;
  const { bytes, parameters } = trainingGraph(recipe);
  const session = await ort.InferenceSession.create(bytes, optionsFor(threads));
  const [height, width, channels] = input;
  const fed = Array.from({ length: batches }, (_, step) => {
    const { x, y } = batchOf(recipe, step);
    const labels = new Float32Array(batchSize * classes);
    y.forEach((label, i) => (labels[i * classes + label] = 1));
    return {
      x: new ort.Tensor('float32', channelsFirst(x, height * width, channels), [batchSize, channels, height, width]),
      labels: new ort.Tensor('float32', labels, [batchSize, classes]),
    };
  });
  let current = Object.fromEntries(
    parameters.map(({ name, values, shape }) => [name, new ort.Tensor('float32', values, shape)]),
  );
  await serve(version, threads, async (step) => {
    const results = await session.run({ ...fed[step % batches], ...current });
    current = Object.fromEntries(parameters.map(({ name }) => [name, results[`next_${name}`]]));
    return results.loss.data[0];
  });
}

function channelsFirst(x, pixels, channels) {
  if (channels === 1) return x.slice();
  const moved = new Float32Array(x.length);
  const size = pixels * channels;
  for (let i = 0; i < x.length; i++) {
    const [image, pixel, channel] = [Math.floor(i / size), Math.floor((i % size) / channels), i % channels];
    moved[image * size + channel * pixels + pixel] = x[i];
  }
  return moved;
}
