import * as tf from '@tensorflow/tfjs';
import { readRecipe, serve } from './recipe.mjs';
import { tfjsBatch, tfjsNet, useBackend } from './tfjs.mjs';

const version = await useBackend('cpu');
const recipe = readRecipe();
const logits = tfjsNet(recipe);
const optimizer = tf.train.sgd(recipe.learningRate);
await serve(version, 1, (step) =>
  tf.tidy(() => {
    const { x, y } = tfjsBatch(recipe, step);
    const labels = tf.oneHot(y, recipe.classes);
    return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(labels, logits(x)), true).dataSync()[0];
  }),
);
