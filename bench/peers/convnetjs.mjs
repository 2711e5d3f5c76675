import { createRequire } from 'node:module';
import { batchOf, readRecipe, serve, versionOf } from './recipe.mjs';

const convnetjs = createRequire(import.meta.url)('convnetjs');
const recipe = readRecipe();
const [height, width, depth] = recipe.input;
const definitions = [{ type: 'input', out_sx: width, out_sy: height, out_depth: depth }];
for (const layer of recipe.layers) {
  if (layer.kind === 'conv') {
    const pad = layer.padding === 'same' ? (layer.size - 1) / 2 : 0;
    definitions.push({ type: 'conv', sx: layer.size, filters: layer.filters, stride: 1, pad, activation: 'relu' });
  } else if (layer.kind === 'maxPool') definitions.push({ type: 'pool', sx: 2, stride: 2 });
  else if (layer.kind === 'dense' && layer !== recipe.layers.at(-1))
    definitions.push({ type: 'fc', num_neurons: layer.units, activation: 'relu' });
}
definitions.push({ type: 'softmax', num_classes: recipe.classes });
const net = new convnetjs.Net();
net.makeLayers(definitions);
const layers = net.layers.filter((layer) => layer.filters);
layers.forEach((layer, i) => {
  const { shape, values } = recipe.kernels[i];
  const outputs = shape.at(-1);
  layer.biases.w.fill(0);
  // Volumes are [sy][sx][depth], as a column of a kernel HWIO is, or of a matrix [inputs, units].
  layer.filters.forEach((filter, k) => {
    for (let j = 0; j < filter.w.length; j++) filter.w[j] = values[j * outputs + k];
  });
});
const options = { method: 'sgd', learning_rate: recipe.learningRate, batch_size: recipe.batchSize, momentum: 0 };
const trainer = new convnetjs.Trainer(net, { ...options, l2_decay: 0, l1_decay: 0 });
const volume = new convnetjs.Vol(width, height, depth, 0);
const perImage = width * height * depth;
await serve(versionOf('convnetjs'), 1, (step) => {
  const { x, y } = batchOf(recipe, step);
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < perImage; j++) volume.w[j] = x[i * perImage + j];
    loss += trainer.train(volume, y[i]).cost_loss;
  }
  return loss / y.length;
});
