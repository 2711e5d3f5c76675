/**
 * The ops that the chain rule itself needs, in one file because their gradients mention each other: a value used
 * twice gets the sum of two gradients, a broadcast value gets its gradient summed back.
 */
import { constant } from '../../define/op/constant.js';
import { defineOp, type Op } from '../../define/op/op.js';
import {
  broadcastShapes,
  elementsPerRow,
  formatShape,
  isBatched,
  resolveAxis,
  sameShape,
} from '../../define/op/shape.js';
import type { Shape } from '../../define/op/shape.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import { ValueError } from '../../errors.js';

/** a + b, broadcast as in numpy. */
export const add: Op<[a: SymbolicTensor, b: SymbolicTensor]> = defineOp('add', {
  elementwise: 'add',
  shape: (shapes) => broadcastShapes(shapes),
  gradient: (dy, [a, b]) => [sumTo(dy, a.shape), sumTo(dy, b.shape)],
});

/** x repeated along the axes that it lacks or has with length 1. */
export const broadcastTo: Op<[x: SymbolicTensor], { shape: Shape }> = defineOp<[x: SymbolicTensor], { shape: Shape }>(
  'broadcastTo',
  {
    elementwise: 'identity',
    attributes: takes(1, ['shape']),
    shape([x], { shape }) {
      if (!sameShape(broadcastShapes([x, shape]), shape)) {
        throw new ValueError(`${formatShape(x)} does not broadcast to ${formatShape(shape)}`, 'SHAPE_MISMATCH');
      }
      return shape;
    },
    gradient: (dy, [x]) => [sumTo(dy, x.shape)],
  },
);

/** A tensor of one value. */
export function fill(value: number, shape: Shape): SymbolicTensor {
  return shape.length === 0 ? constant(value) : broadcastTo(constant(value), { shape });
}

/** The same elements under another shape. The batch axis stays what it is. */
export const reshape: Op<[x: SymbolicTensor], { shape: Shape }> = defineOp<[x: SymbolicTensor], { shape: Shape }>(
  'reshape',
  {
    view: true,
    attributes: takes(1, ['shape']),
    shape([x], { shape }) {
      if (elementsPerRow(x) !== elementsPerRow(shape) || isBatched(x) !== isBatched(shape)) {
        throw new ValueError(
          `${formatShape(x)} has ${elementsPerRow(x)} elements and ${formatShape(shape)} has ` +
            `${elementsPerRow(shape)}; both must be equal, and a batch axis stays first`,
          'SHAPE_MISMATCH',
        );
      }
      return shape;
    },
    gradient: (dy, [x]) => [reshape(dy, { shape: x.shape })],
  },
);

/** Which axes are reduced, and whether they stay. */
export interface ReduceOptions {
  /** Default: all axes. Negative ones count from the end. */
  readonly axes?: readonly number[];
  /** Keeps the reduced axes with length 1. Default: false. */
  readonly keepDims?: boolean;
}

export interface ReduceAttributes {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

export const REDUCE_OPTIONS = ['axes', 'keepDims'] as const;

export function reduceAttributes(given: ReduceOptions, shape: Shape): ReduceAttributes {
  const axes = (given.axes ?? shape.map((_, i) => i)).map((axis) => resolveAxis(axis, shape.length));
  return { axes: [...new Set(axes)].toSorted((a, b) => a - b), keepDims: given.keepDims ?? false };
}

export function reducedShape(shape: Shape, { axes, keepDims }: ReduceAttributes): Shape {
  if (keepDims) return shape.map((d, i) => (axes.includes(i) ? 1 : d));
  return shape.filter((_, i) => !axes.includes(i));
}

/** Sum over axes; over the batch too, then the parts of the batch add up. */
export const reduceSum: Op<[x: SymbolicTensor], ReduceOptions> = defineOp<
  [x: SymbolicTensor],
  ReduceOptions,
  ReduceAttributes
>('reduceSum', {
  sumsOverBatch: true,
  attributes: takes(1, REDUCE_OPTIONS, (given, [x]) => reduceAttributes(given, x)),
  shape: ([x], attributes) => reducedShape(x, attributes),
  gradient: (dy, [x], _y, { axes }) => {
    const kept = reducedShape(x.shape, { axes, keepDims: true });
    return [broadcastTo(reshape(dy, { shape: kept }), { shape: x.shape })];
  },
});

/** The gradient of a broadcast: summed over the axes along which `shape` was repeated. */
export function sumTo(dy: SymbolicTensor, shape: Shape): SymbolicTensor {
  if (sameShape(dy.shape, shape)) return dy;
  const lead = dy.rank - shape.length;
  const axes = dy.shape.flatMap((d, i) => (i < lead || (shape[i - lead] === 1 && d !== 1) ? [i] : []));
  return reshape(reduceSum(dy, { axes }), { shape });
}
