import {
  checkDataFormat,
  positivePair,
  ValueError,
  type ActivationOption,
  type ConstraintOption,
  type DataFormat,
  type InitializerOption,
  type LayerOptions,
  type Pair,
  type RegularizerOption,
} from '@convoy/engine';

/** Any case, in the spelling of tfjs or of TensorFlow. */
export type DataFormatOption = DataFormat | 'channels_last' | 'channels_first';

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
  /** Default: true. */
  useBias?: boolean;
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
  const where = options.name ? `conv2d '${options.name}'` : 'conv2d';
  const { filters } = options;
  if (!Number.isInteger(filters) || filters < 1) {
    throw new ValueError(`${where}: filters must be a positive integer. Received: ${String(filters)}`, 'OPTION');
  }
  const strides = pairOption(where, 'strides', options.strides);
  const dilationRate = pairOption(where, 'dilationRate', options.dilationRate);
  if (strides.some((n) => n > 1) && dilationRate.some((n) => n > 1)) {
    throw new ValueError(
      `${where}: strides > 1 not supported in conjunction with dilationRate > 1. ` +
        `Received: strides [${strides.join(', ')}], dilationRate [${dilationRate.join(', ')}]`,
      'OPTION',
    );
  }
  return {
    filters,
    kernelSize: positivePair(where, 'kernelSize', options.kernelSize),
    strides,
    padding: checkedPadding(where, options.padding),
    dataFormat: spelledDataFormat(where, options.dataFormat),
    dilationRate,
  };
}

/** An absent option is 1; null is refused, as every other value that is no size. */
function pairOption(where: string, name: string, given: number | Pair | undefined): Pair {
  return given === undefined ? [1, 1] : positivePair(where, name, given);
}

function checkedPadding(where: string, given: unknown): 'valid' | 'same' {
  const padding = given === undefined ? 'valid' : lowerCased(given);
  if (padding === 'valid' || padding === 'same') return padding;
  throw new ValueError(
    `${where}: The \`padding\` argument must be one of "valid", "same". Received: ${String(padding)}`,
    'OPTION',
  );
}

function spelledDataFormat(where: string, given: unknown): DataFormat {
  if (given === undefined) return 'channelsLast';
  const plain = lowerCased(given);
  if (plain === 'channelslast' || plain === 'channels_last') return 'channelsLast';
  if (plain === 'channelsfirst' || plain === 'channels_first') return 'channelsFirst';
  return checkDataFormat(where, given);
}

function lowerCased(given: unknown): unknown {
  return typeof given === 'string' ? given.toLowerCase() : given;
}
