/**
 * Maximum and mean over windows that slide over height and width. Padding takes no part: it is never the maximum,
 * and the mean divides by the number of elements inside the image.
 */
import {
  axesOf,
  defineOp,
  formatShape,
  outputImage,
  positivePair,
  resolveWindow,
  takes,
  ValueError,
  type Op,
  type Pair,
  type Shape,
  type SymbolicTensor,
  type Window,
  type WindowOptions,
} from '@convoy/engine';

/** The window of a pooling op; its padding must be smaller than it is. */
export interface PoolOptions extends Omit<WindowOptions, 'dilationRate'> {
  /** Height and width of the window; one number for both. */
  readonly poolSize: number | Pair;
}

const POOL_OPTIONS = ['poolSize', 'strides', 'padding', 'dataFormat'] as const;

/** `PoolOptions` as kernels see them: everything resolved. */
export interface PoolAttributes extends Window {
  readonly poolSize: Pair;
}

/** Largest element of each window: [N, H, W, C] to [N, P, Q, C], or [N, C, P, Q]; padding is never it. */
export const maxPool2d: Op<[x: SymbolicTensor], PoolOptions> = defineOp<
  [x: SymbolicTensor],
  PoolOptions,
  PoolAttributes
>('maxPool2d', {
  attributes: takes(1, POOL_OPTIONS, (given, [x]) => poolAttributes(given, x)),
  shape: ([x], attributes) => poolShape(x, attributes),
  gradient: (dy, [x], y, attributes) => [maxPool2dGradient(dy, x, y, optionsOf(attributes))],
});

/** dx of `maxPool2d`: each dy goes to the first maximum of its window. */
export const maxPool2dGradient: Op<[dy: SymbolicTensor, x: SymbolicTensor, y: SymbolicTensor], PoolOptions> = defineOp<
  [dy: SymbolicTensor, x: SymbolicTensor, y: SymbolicTensor],
  PoolOptions,
  PoolAttributes
>('maxPool2dGradient', {
  attributes: takes(3, POOL_OPTIONS, (given, [, x]) => poolAttributes(given, x)),
  shape: ([, x]) => x,
});

/** Mean of each window over the elements inside the image: [N, H, W, C] to [N, P, Q, C], or [N, C, P, Q]. */
export const averagePool2d: Op<[x: SymbolicTensor], PoolOptions> = defineOp<
  [x: SymbolicTensor],
  PoolOptions,
  PoolAttributes
>('averagePool2d', {
  attributes: takes(1, POOL_OPTIONS, (given, [x]) => poolAttributes(given, x)),
  shape: ([x], attributes) => poolShape(x, attributes),
  gradient: (dy, [x], _y, attributes) => [averagePool2dGradient(dy, { ...optionsOf(attributes), inputShape: x.shape })],
});

/** The window of a pooling, and the shape of its input. */
export interface PoolGradientOptions extends PoolOptions {
  /** Shape of the pooling's input; its batch axis may be null. */
  readonly inputShape: Shape;
}

/** `PoolGradientOptions` as kernels see them: everything resolved. */
export interface PoolGradientAttributes extends PoolAttributes {
  readonly inputShape: Shape;
}

/** dx of `averagePool2d`: each dy is shared out evenly over its window. */
export const averagePool2dGradient: Op<[dy: SymbolicTensor], PoolGradientOptions> = defineOp<
  [dy: SymbolicTensor],
  PoolGradientOptions,
  PoolGradientAttributes
>('averagePool2dGradient', {
  attributes: takes(1, [...POOL_OPTIONS, 'inputShape'], (given, [dy]) => ({
    ...poolAttributes(given, given.inputShape),
    inputShape: [dy[0] ?? null, ...given.inputShape.slice(1)],
  })),
  shape: (_shapes, { inputShape }) => inputShape,
  gradient: (g, _inputs, _dx, attributes) => [averagePool2d(g, optionsOf(attributes))],
});

/** The options that these attributes were made of. */
function optionsOf({ poolSize, strides, padding, dataFormat }: PoolAttributes): PoolOptions {
  return { poolSize, strides, padding, dataFormat };
}

function poolAttributes(given: PoolOptions, x: Shape): PoolAttributes {
  if (x.length !== 4) throw new ValueError(`the input must have rank 4, got ${formatShape(x)}`, 'RANK');
  const poolSize = positivePair('poolSize', given.poolSize);
  const window = resolveWindow({ ...given, strides: given.strides ?? poolSize }, x, poolSize);
  if (window.padding.some((sides, i) => sides.some((amount) => amount >= poolSize[i]))) {
    throw new ValueError(
      `padding ${JSON.stringify(window.padding)} must be smaller than poolSize [${poolSize.join(', ')}], or windows ` +
        `would see padding alone`,
      'OPTION',
    );
  }
  return { ...window, poolSize };
}

function poolShape(x: Shape, attributes: PoolAttributes): Shape {
  const channels = x[axesOf(attributes.dataFormat).channels] ?? null;
  return outputImage(x, { name: 'poolSize', shape: attributes.poolSize }, attributes, channels);
}
