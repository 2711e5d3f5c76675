import {
  checkNumber,
  positivePair,
  spelledDataFormat,
  spelledPadding,
  ValueError,
  type ActivationOption,
  type ConstraintOption,
  type DataFormat,
  type DataFormatOption,
  type InitializerOption,
  type LayerOptions,
  type Pair,
  type RegularizerOption,
} from '@convoy/engine';

/** The arguments of `tf.layers.Conv2D`; `filters` and `kernelSize` are needed. */
export interface Conv2DOptions extends LayerOptions {
  /** Channels of the output: length of the last axis of the kernel, and of the bias. */
  filters: number;
  /** Height and width of the kernel; one number for both. */
  kernelSize: number | Pair;
  /** Default: [1, 1]. Strides above 1 do not go together with dilation rates above 1. */
  strides?: number | Pair;
  /** Default: 'valid'. */
  padding?: 'valid' | 'same';
  /** Default: 'channelsLast', [batch, height, width, channels]. */
  dataFormat?: DataFormatOption;
  /** Default: [1, 1]. */
  dilationRate?: number | Pair;
  /** Applied to the output, after the bias: a function in ops, or its name. Default: null, none. */
  activation?: ActivationOption | null;
  /** Default: true; null is no bias. */
  useBias?: boolean | null;
  /** Default: null, that of the variable scope, else 'glorotUniform'. */
  kernelInitializer?: InitializerOption | null;
  /** Default: 'zeros'. Null is not zeros: it is the variable scope's, else 'glorotUniform'. */
  biasInitializer?: InitializerOption | null;
  /** A scalar made of the kernel, added to the training loss once. */
  kernelRegularizer?: RegularizerOption | null;
  /** A scalar made of the bias, added to the training loss once. */
  biasRegularizer?: RegularizerOption | null;
  /** Maps the kernel after each update to the one that is kept. */
  kernelConstraint?: ConstraintOption | null;
  /** Maps the bias after each update to the one that is kept. */
  biasConstraint?: ConstraintOption | null;
}

export const CONV2D_OPTIONS = [
  'filters',
  'kernelSize',
  'strides',
  'padding',
  'dataFormat',
  'dilationRate',
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'biasConstraint',
] as const;

/** The options of the window, checked and in one spelling. */
export interface Conv2DWindow {
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
  readonly dataFormat: DataFormat;
  readonly dilationRate: Pair;
}

/** @throws ValueError for sizes that are not positive integers, unknown formats, strides together with dilation */
export function checkedWindow(options: Conv2DOptions): Conv2DWindow {
  // Only an absent option has a default: null is refused, as every other value that is no size.
  const { filters, strides = 1, dilationRate = 1, padding = 'valid', dataFormat = 'channelsLast' } = options;
  checkNumber('filters', filters, 'a positive integer');
  const window = {
    filters,
    kernelSize: positivePair('kernelSize', options.kernelSize),
    strides: positivePair('strides', strides),
    padding: spelledPadding(padding),
    dataFormat: spelledDataFormat(dataFormat),
    dilationRate: positivePair('dilationRate', dilationRate),
  };
  if (window.strides.some((n) => n > 1) && window.dilationRate.some((n) => n > 1)) {
    throw new ValueError(
      `strides > 1 not supported in conjunction with dilationRate > 1. ` +
        `Received: strides [${window.strides.join(', ')}], dilationRate [${window.dilationRate.join(', ')}]`,
      'OPTION',
    );
  }
  return window;
}
