import {
  axesOf,
  defineOp,
  describeValue,
  formatShape,
  resolveWindow,
  takes,
  ValueError,
  WINDOW_OPTIONS,
  type Op,
  type Shape,
  type SymbolicTensor,
  type Window,
  type WindowOptions,
} from '@convoy/engine';
import { checkRanks, outputShape } from './shapes.js';

/** The window of a convolution, and the shape that its gradient by the input has. */
export interface InputGradientOptions extends WindowOptions {
  /** Shape of the convolution's input; its batch axis may be null. */
  readonly inputShape: Shape;
}

/** `InputGradientOptions` as kernels see them: everything resolved. */
export interface InputGradientAttributes extends Window {
  readonly inputShape: Shape;
}

/** The window of a convolution, and the shape that its gradient by the filter has. */
export interface FilterGradientOptions extends WindowOptions {
  /** [kernelHeight, kernelWidth, inChannels, filters]. */
  readonly filterShape: readonly number[];
}

/** `FilterGradientOptions` as kernels see them: everything resolved. */
export interface FilterGradientAttributes extends Window {
  readonly filterShape: readonly number[];
}

/**
 * Two-dimensional cross-correlation (nothing is flipped), with any strides and any dilations. It and its gradients are,
 * with h = p·strideH − top + r·dilationH, w = q·strideW − left + s·dilationW, and terms outside the image left out:
 *
 * ```
 * y[n,p,q,k]  = Σ_rsc x[n,h,w,c] · f[r,s,c,k]
 * dx[n,h,w,c] = Σ over all p,q,r,s that meet h,w, and k, of dy[n,p,q,k] · f[r,s,c,k]
 * df[r,s,c,k] = Σ_npq dy[n,p,q,k] · x[n,h,w,c]
 * ```
 *
 * The three are linear in each operand, so each is the gradient of the others.
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
  attributes: takes(2, WINDOW_OPTIONS, (given, [x, filter]) => {
    checkRanks(x, 'the input', filter);
    return windowOf(given, x, filter);
  }),
  shape: ([x, filter], window) => outputShape(x, filter, window),
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
  attributes: takes(2, [...WINDOW_OPTIONS, 'inputShape'], (given, [dy, filter]) => {
    checkRanks(dy, 'dy', filter);
    const inputShape = checkShapeOption('inputShape', given.inputShape);
    const window = windowOf(given, inputShape, filter);
    return { ...window, inputShape: [dy[0], ...inputShape.slice(1)] };
  }),
  shape([dy, filter], attributes) {
    checkOutput(dy, attributes.inputShape, filter, attributes);
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
  attributes: takes(2, [...WINDOW_OPTIONS, 'filterShape'], (given, [dy, x]) => {
    const filterShape = checkShapeOption('filterShape', given.filterShape) as readonly number[];
    checkRanks(x, 'x', filterShape);
    checkRanks(dy, 'dy', filterShape);
    return { ...windowOf(given, x, filterShape), filterShape };
  }),
  shape([dy, x], attributes) {
    checkOutput(dy, x, attributes.filterShape, attributes);
    return attributes.filterShape;
  },
  gradient: (g, [dy, x], _df, { filterShape: _, ...window }) => [
    conv2d(x, g, window),
    conv2dInputGradient(dy, g, { ...window, inputShape: x.shape }),
  ],
});

function windowOf(given: WindowOptions, input: Shape, filter: Shape): Window {
  return resolveWindow(given, input, [filter[0] as number, filter[1] as number]);
}

function checkShapeOption(name: string, given: unknown): Shape {
  if (Array.isArray(given) && given.length === 4) return given as Shape;
  throw new ValueError(`'${name}' must list 4 lengths, got ${describeValue(given)}`, 'OPTION');
}

/** dy must be what the convolution of such an input with such a filter gives. */
function checkOutput(dy: Shape, input: Shape, filter: Shape, window: Window): void {
  const expected = outputShape(input, filter, window);
  const { channels, height, width } = axesOf(window.dataFormat);
  if ([0, channels, height, width].every((axis) => expected[axis] === dy[axis])) return;
  throw new ValueError(
    `the convolution of input ${formatShape(input)} with filter ${formatShape(filter)} has shape ` +
      `${formatShape(expected)}, dy has ${formatShape(dy)}`,
    'SHAPE_MISMATCH',
  );
}
