import { defineLoss, type LossFactory } from '../define/loss.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { classesOf } from './class-axis.js';
import { sub, square } from './ops/arithmetic.js';
import { softmaxCrossEntropy, sparseSoftmaxCrossEntropy } from './ops/cross-entropy.js';
import { softmax } from './ops/softmax.js';

/**
 * The logits behind an output: of a model that ends in softmax its input, so that the two are computed in one, exact
 * where softmax alone would round to 0 or 1.
 */
function logitsOf(output: SymbolicTensor): SymbolicTensor {
  const [input] = output.inputs;
  return output.op === softmax && input ? input : output;
}

/** −log softmax(output)[label], from logits [batch, .., classes] and integer labels [batch, ..]. */
export const sparseCategoricalCrossentropy: LossFactory<object> = defineLoss('sparseCategoricalCrossentropy', () => ({
  targets: (output) => ({ dtype: 'int32', shape: output.slice(0, -1), below: classesOf(output) }),
  perExample: (output, labels) => sparseSoftmaxCrossEntropy(logitsOf(output), labels),
}));

/** −Σ targets · log softmax(output), from logits; targets are probabilities of the same shape. */
export const categoricalCrossentropy: LossFactory<object> = defineLoss('categoricalCrossentropy', () => ({
  targets(output) {
    classesOf(output);
    return { dtype: 'float32', shape: output };
  },
  perExample: (output, targets) => softmaxCrossEntropy(logitsOf(output), targets),
}));

/** (output − targets)², averaged over all axes. */
export const meanSquaredError: LossFactory<object> = defineLoss('meanSquaredError', () => ({
  targets: (output) => ({ dtype: 'float32', shape: output }),
  perExample: (output, targets) => square(sub(output, targets)),
}));
