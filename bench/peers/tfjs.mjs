// A net in TensorFlow.js, whatever its backend.
import * as tf from '@tensorflow/tfjs';
import { batchOf } from './recipe.mjs';

/** Variables and the function from images to logits. */
export function tfjsNet(recipe) {
  const variables = recipe.kernels.map(({ shape, values }) => ({
    kernel: tf.variable(tf.tensor(values, shape)),
    bias: tf.variable(tf.zeros([shape.at(-1)])),
  }));
  const logits = (x) => {
    const queue = [...variables];
    return recipe.layers.reduce((y, layer) => {
      if (layer.kind === 'maxPool') return tf.maxPool(y, 2, 2, 'valid');
      if (layer.kind === 'flatten') return y.reshape([y.shape[0], -1]);
      const { kernel, bias } = queue.shift();
      // As its layers compute them: in one kernel where no gradient is taken.
      if (layer.kind === 'conv')
        return tf.fused.conv2d({ x: y, filter: kernel, strides: 1, pad: layer.padding, bias, activation: 'relu' });
      return tf.fused.matMul({ a: y, b: kernel, bias, activation: layer.relu ? 'relu' : 'linear' });
    }, x);
  };
  return logits;
}

/** Tensors of the images and labels of a step. */
export function tfjsBatch(recipe, step) {
  const { x, y } = batchOf(recipe, step);
  return { x: tf.tensor(x, [recipe.batchSize, ...recipe.input]), y: tf.tensor1d(y, 'int32') };
}

/** Of that version, in production mode. */
export async function useBackend(name) {
  tf.enableProdMode();
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js has no backend '${name}' here`);
  return tf.version.tfjs;
}
