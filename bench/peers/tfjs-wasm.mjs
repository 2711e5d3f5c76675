// Forward only: this backend has no gradient of a convolution's filter.
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { readRecipe, serve } from './recipe.mjs';
import { tfjsBatch, tfjsNet, useBackend } from './tfjs.mjs';

setWasmPaths(fileURLToPath(new URL('node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));
const version = await useBackend('wasm');
const recipe = readRecipe();
const logits = tfjsNet(recipe);
await serve(version, 1, (step) => {
  const outputs = tf.tidy(() => logits(tfjsBatch(recipe, step).x).dataSync());
  return outputs.reduce((sum, value) => sum + Math.abs(value), 0);
});
