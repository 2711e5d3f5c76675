// Every use of an array takes it away; `.ref` keeps it.
import { init, defaultDevice, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { batchOf, readRecipe, serve, versionOf } from './recipe.mjs';

await init('wasm');
defaultDevice('wasm');
const recipe = readRecipe();
/** Images come with channels first, which is the layout of its convolution: [N, C, H, W] and [K, C, R, S]. */
const parameters = [];
let flat = null;
let image = [recipe.input[2], recipe.input[0], recipe.input[1]];
const kernels = [...recipe.kernels];
for (const layer of recipe.layers) {
  if (layer.kind === 'conv') {
    const { shape, values } = kernels.shift();
    parameters.push(np.array(values).reshape(shape).transpose([3, 2, 0, 1]), np.zeros([shape[3]]));
    const lost = layer.padding === 'same' ? 0 : layer.size - 1;
    image = [layer.filters, image[1] - lost, image[2] - lost];
  } else if (layer.kind === 'maxPool') image = [image[0], image[1] >> 1, image[2] >> 1];
  else if (layer.kind === 'flatten') flat = image;
  else {
    const { shape, values } = kernels.shift();
    let kernel = np.array(values);
    if (flat) {
      const [c, h, w] = flat;
      kernel = kernel.reshape([h, w, c, shape[1]]).transpose([2, 0, 1, 3]);
      flat = null;
    }
    parameters.push(kernel.reshape(shape), np.zeros([shape[1]]));
  }
}

function lossOf(given, x, labels) {
  const queue = [...given];
  let y = x;
  for (const layer of recipe.layers) {
    if (layer.kind === 'maxPool') {
      const [n, c, h, w] = y.shape;
      y = np.max(y.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
    } else if (layer.kind === 'flatten') y = y.reshape([y.shape[0], y.shape[1] * y.shape[2] * y.shape[3]]);
    else {
      const [kernel, bias] = [queue.shift(), queue.shift()];
      if (layer.kind === 'conv') {
        const sum = lax.convGeneralDilated(y, kernel, [1, 1], layer.padding === 'same' ? 'SAME' : 'VALID');
        y = nn.relu(sum.add(bias.reshape([1, layer.filters, 1, 1])));
      } else {
        const sum = np.matmul(y, kernel).add(bias);
        y = layer.relu ? nn.relu(sum) : sum;
      }
    }
  }
  return np.mean(np.sum(nn.logSoftmax(y).mul(labels), 1)).neg();
}

const lossAndGradients = jit(valueAndGrad(lossOf));
let current = parameters;
await serve(versionOf('@jax-js/jax'), 1, async (step) => {
  const { x, y } = batchOf(recipe, step);
  const [height, width, channels] = recipe.input;
  const images = np.array(x.slice()).reshape([y.length, height, width, channels]).transpose([0, 3, 1, 2]);
  const hot = new Float32Array(y.length * recipe.classes);
  y.forEach((label, i) => (hot[i * recipe.classes + label] = 1));
  const labels = np.array(hot).reshape([y.length, recipe.classes]);
  const [loss, gradients] = lossAndGradients(
    current.map((p) => p.ref),
    images,
    labels,
  );
  current = current.map((p, i) => p.sub(gradients[i].mul(recipe.learningRate)));
  const value = await loss.jsAsync();
  await Promise.all(current.map((p) => p.blockUntilReady()));
  return value;
});
