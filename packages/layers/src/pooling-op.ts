/**
 * Maximum and mean over windows that slide over height and width. Padding takes no part: it is never the maximum,
 * and the mean divides by the number of elements inside the image.
 */
import {
  axesOf,
  checkDataFormat,
  defineOp,
  formatShape,
  outputLength,
  positivePair,
  resolveWindow,
  sizesOf,
  ValueError,
  type Op,
  type Pair,
  type Shape,
  type SymbolicTensor,
  type Window,
  type WindowOptions,
} from '@convoy/engine';

export interface PoolOptions extends Omit<WindowOptions, 'dilationRate'> {
  readonly poolSize: number | Pair;
}

export interface PoolAttributes extends Window {
  readonly poolSize: Pair;
}

type PoolOp = Op<[x: SymbolicTensor], PoolOptions>;

/** Largest element of each window. */
export const maxPool2d: PoolOp = defineOp<[x: SymbolicTensor], PoolOptions, PoolAttributes>('maxPool2d', {
  attributes: (given, [x]) => poolAttributes('maxPool2d', given, x),
  shape: ([x], attributes) => poolShape('maxPool2d', x, attributes),
  gradient: (dy, [x], y, attributes) => [maxPool2dGradient(dy, x, y, attributes)],
});

/** dx of `maxPool2d`: each dy goes to the first maximum of its window. */
export const maxPool2dGradient: Op<[dy: SymbolicTensor, x: SymbolicTensor, y: SymbolicTensor], PoolOptions> = defineOp<
  [dy: SymbolicTensor, x: SymbolicTensor, y: SymbolicTensor],
  PoolOptions,
  PoolAttributes
>('maxPool2dGradient', {
  attributes: (given, [, x]) => poolAttributes('maxPool2dGradient', given, x),
  shape: ([, x]) => x,
});

/** Mean of each window. */
export const averagePool2d: PoolOp = defineOp<[x: SymbolicTensor], PoolOptions, PoolAttributes>('averagePool2d', {
  attributes: (given, [x]) => poolAttributes('averagePool2d', given, x),
  shape: ([x], attributes) => poolShape('averagePool2d', x, attributes),
  gradient: (dy, [x], _y, attributes) => [averagePool2dGradient(dy, { ...attributes, inputShape: x.shape })],
});

export interface PoolGradientOptions extends PoolOptions {
  /** Shape of the pooling's input; its batch axis may be null. */
  readonly inputShape: Shape;
}

export interface PoolGradientAttributes extends PoolAttributes {
  readonly inputShape: Shape;
}

/** dx of `averagePool2d`: each dy is shared out evenly over its window. */
export const averagePool2dGradient: Op<[dy: SymbolicTensor], PoolGradientOptions> = defineOp<
  [dy: SymbolicTensor],
  PoolGradientOptions,
  PoolGradientAttributes
>('averagePool2dGradient', {
  attributes: (given, [dy]) => ({
    ...poolAttributes('averagePool2dGradient', given, given.inputShape),
    inputShape: [dy[0] ?? null, ...given.inputShape.slice(1)],
  }),
  shape: (_shapes, { inputShape }) => inputShape,
  gradient: (g, _inputs, _dx, { inputShape: _, ...attributes }) => [averagePool2d(g, attributes)],
});

function poolAttributes(where: string, given: PoolOptions, x: Shape): PoolAttributes {
  if (x.length !== 4) throw new ValueError(`${where}: the input must have rank 4, got ${formatShape(x)}`, 'RANK');
  const poolSize = positivePair(where, 'poolSize', given.poolSize);
  const dataFormat = checkDataFormat(where, given.dataFormat ?? 'channelsLast');
  const window = { ...given, strides: given.strides ?? poolSize };
  return { ...resolveWindow(where, window, sizesOf(x, dataFormat), poolSize), poolSize };
}

function poolShape(where: string, x: Shape, attributes: PoolAttributes): Shape {
  const { poolSize, dataFormat } = attributes;
  const { channels } = axesOf(dataFormat);
  const [h, w] = sizesOf(x, dataFormat);
  const p = outputLength(where, 'height', h, poolSize[0], attributes);
  const q = outputLength(where, 'width', w, poolSize[1], attributes);
  return dataFormat === 'channelsLast'
    ? [x[0] ?? null, p, q, x[channels]]
    : [x[0] ?? null, x[channels], p, q];
}
