import { ValueError } from '../../errors.js';
import type { OpRules } from './op.js';
import { formatShape, isBatched, sizeOf, type Shape } from './shape.js';

/**
 * Facts that a shape must bear out, since kernels rely on them without looking: they would read and write memory that is
 * not theirs.
 *
 * @throws ValueError
 */
export function checkFacts({ view, elementwise }: OpRules, inputs: readonly Shape[], shape: Shape): void {
  const [first] = inputs;
  if (
    view &&
    !(first && inputs.length === 1 && sizeOf(first) === sizeOf(shape) && isBatched(first) === isBatched(shape))
  ) {
    throw new ValueError(
      `it makes ${formatShape(shape)}, but a 'view' shows one input under a shape of as many elements, ` +
        `the batch axis apart`,
      'FACT',
    );
  }
  if (elementwise && !inputs.every((input) => broadcastsTo(input, shape))) {
    throw new ValueError(
      `it makes ${formatShape(shape)}, but as 'elementwise' it must make a shape that its inputs broadcast to`,
      'FACT',
    );
  }
}

function broadcastsTo(from: Shape, to: Shape): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((d, i) => d === 1 || d === to[lead + i]);
}
