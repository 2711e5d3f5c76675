/**
 * Two-dimensional cross-correlation (nothing is flipped) and its two gradients. With h = p·strideH − top + r·dilationH,
 * w = q·strideW − left + s·dilationW, and terms outside the image left out:
 *
 * ```
 * y[n,p,q,k]   = Σ_rsc x[n,h,w,c] · f[r,s,c,k]
 * dx[n,h,w,c]  = Σ over all p,q,r,s that meet h,w, and k, of dy[n,p,q,k] · f[r,s,c,k]
 * df[r,s,c,k]  = Σ_npq dy[n,p,q,k] · x[n,h,w,c]
 * ```
 *
 * The three are linear in each operand, so each is the gradient of the others.
 */
import {
  axesOf,
  checkDataFormat,
  defineOp,
  formatShape,
  resolveWindow,
  sizesOf,
  ValueError,
  type Op,
  type Shape,
  type SymbolicTensor,
  type Window,
  type WindowOptions,
} from '@convoy/engine';
import { checkRanks, outputShape } from './shapes.js';

export interface InputGradientOptions extends WindowOptions {
  /** Shape of the convolution's input; its batch axis may be null. */
  readonly inputShape: Shape;
}

export interface InputGradientAttributes extends Window {
  readonly inputShape: Shape;
}

export interface FilterGradientOptions extends WindowOptions {
  /** [kernelHeight, kernelWidth, inChannels, filters]. */
  readonly filterShape: readonly number[];
}

export interface FilterGradientAttributes extends Window {
  readonly filterShape: readonly number[];
}

/**
 * y = x ∗ filter. Any strides with any dilations.
 *
 * @param x [N, H, W, C], or [N, C, H, W] with `dataFormat: 'channelsFirst'`
 * @param filter [kernelHeight, kernelWidth, C, K] in both formats
 * @returns [N, P, Q, K] or [N, K, P, Q]
 * @throws ValueError when ranks or channels do not fit, or the kernel is larger than the padded input
 */
export const conv2d: Op<[x: SymbolicTensor, filter: SymbolicTensor], WindowOptions> = defineOp<
  [x: SymbolicTensor, filter: SymbolicTensor],
  WindowOptions,
  Window
>('conv2d', {
  attributes(given, [x, filter]) {
    checkRanks('conv2d', x, 'the input', filter);
    return windowOf('conv2d', given, x, filter);
  },
  shape: ([x, filter], window) => outputShape('conv2d', x, filter, window),
  gradient: (dy, [x, filter], _y, window) => [
    conv2dInputGradient(dy, filter, { ...window, inputShape: x.shape }),
    conv2dFilterGradient(dy, x, { ...window, filterShape: filter.shape as readonly number[] }),
  ],
});

/**
 * dL/dx of `conv2d`, given dL/dy.
 *
 * @param dy [N, P, Q, K] or [N, K, P, Q]
 * @param filter [kernelHeight, kernelWidth, C, K]
 * @returns `inputShape`
 */
export const conv2dInputGradient: Op<[dy: SymbolicTensor, filter: SymbolicTensor], InputGradientOptions> = defineOp<
  [dy: SymbolicTensor, filter: SymbolicTensor],
  InputGradientOptions,
  InputGradientAttributes
>('conv2dInputGradient', {
  attributes(given, [dy, filter]) {
    checkRanks('conv2dInputGradient', dy, 'dy', filter);
    const inputShape = checkShapeOption('conv2dInputGradient', 'inputShape', given.inputShape);
    const window = windowOf('conv2dInputGradient', given, inputShape, filter);
    return { ...window, inputShape: [dy[0], ...inputShape.slice(1)] };
  },
  shape([dy, filter], attributes) {
    checkOutput('conv2dInputGradient', dy, attributes.inputShape, filter, attributes);
    return attributes.inputShape;
  },
  gradient: (g, [dy, filter], _dx, { inputShape: _, ...window }) => [
    conv2d(g, filter, window),
    conv2dFilterGradient(dy, g, { ...window, filterShape: filter.shape as readonly number[] }),
  ],
});

/**
 * dL/dfilter of `conv2d`, given dL/dy: a sum over all examples.
 *
 * @param dy [N, P, Q, K] or [N, K, P, Q]
 * @param x [N, H, W, C] or [N, C, H, W]
 * @returns `filterShape`
 */
export const conv2dFilterGradient: Op<[dy: SymbolicTensor, x: SymbolicTensor], FilterGradientOptions> = defineOp<
  [dy: SymbolicTensor, x: SymbolicTensor],
  FilterGradientOptions,
  FilterGradientAttributes
>('conv2dFilterGradient', {
  sumsOverBatch: true,
  attributes(given, [dy, x]) {
    const filterShape = checkShapeOption('conv2dFilterGradient', 'filterShape', given.filterShape) as readonly number[];
    checkRanks('conv2dFilterGradient', x, 'x', filterShape);
    checkRanks('conv2dFilterGradient', dy, 'dy', filterShape);
    return { ...windowOf('conv2dFilterGradient', given, x, filterShape), filterShape };
  },
  shape([dy, x], attributes) {
    checkOutput('conv2dFilterGradient', dy, x, attributes.filterShape, attributes);
    return attributes.filterShape;
  },
  gradient: (g, [dy, x], _df, { filterShape: _, ...window }) => [
    conv2d(x, g, window),
    conv2dInputGradient(dy, g, { ...window, inputShape: x.shape }),
  ],
});

function windowOf(where: string, given: WindowOptions, input: Shape, filter: Shape): Window {
  const dataFormat = checkDataFormat(where, given.dataFormat ?? 'channelsLast');
  return resolveWindow(where, given, sizesOf(input, dataFormat), [filter[0] as number, filter[1] as number]);
}

function checkShapeOption(where: string, name: string, given: Shape | undefined): Shape {
  if (Array.isArray(given) && given.length === 4) return given;
  throw new ValueError(`${where}: '${name}' must list 4 lengths, got ${JSON.stringify(given)}`, 'OPTION');
}

/** dy must be what the convolution of such an input with such a filter gives. */
function checkOutput(where: string, dy: Shape, input: Shape, filter: Shape, window: Window): void {
  const expected = outputShape(where, input, filter, window);
  const { channels, height, width } = axesOf(window.dataFormat);
  if ([0, channels, height, width].every((axis) => expected[axis] === dy[axis])) return;
  throw new ValueError(
    `${where}: the convolution of input ${formatShape(input)} with filter ${formatShape(filter)} has shape ` +
      `${formatShape(expected)}, dy has ${formatShape(dy)}`,
    'SHAPE_MISMATCH',
  );
}
