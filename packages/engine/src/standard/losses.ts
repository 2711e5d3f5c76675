import { defineLoss, type LossFactory } from '../define/loss.js';
import { ValueError } from '../errors.js';
import { formatShape } from '../define/shape.js';
import { sub, square } from './ops/arithmetic.js';
import { softmaxCrossEntropy, sparseSoftmaxCrossEntropy } from './ops/cross-entropy.js';

/** −log softmax(output)[label], from logits [batch, .., classes] and integer labels [batch, ..]. */
export const sparseCategoricalCrossentropy: LossFactory<object> = defineLoss('sparseCategoricalCrossentropy', () => ({
  targets(output) {
    const classes = output.at(-1);
    if (output.length < 2 || typeof classes !== 'number') {
      throw new ValueError(
        `loss 'sparseCategoricalCrossentropy': the output needs an axis of classes, got shape ${formatShape(output)}`,
        'LOSS',
      );
    }
    return { dtype: 'int32', shape: output.slice(0, -1), below: classes };
  },
  perExample: (output, labels) => sparseSoftmaxCrossEntropy(output, labels),
}));

/** −Σ targets · log softmax(output), from logits; targets are probabilities of the same shape. */
export const categoricalCrossentropy: LossFactory<object> = defineLoss('categoricalCrossentropy', () => ({
  targets: (output) => ({ dtype: 'float32', shape: output }),
  perExample: (output, targets) => softmaxCrossEntropy(output, targets),
}));

/** (output − targets)², averaged over all axes. */
export const meanSquaredError: LossFactory<object> = defineLoss('meanSquaredError', () => ({
  targets: (output) => ({ dtype: 'float32', shape: output }),
  perExample: (output, targets) => square(sub(output, targets)),
}));
