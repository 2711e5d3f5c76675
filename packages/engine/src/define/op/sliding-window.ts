/** The arithmetic of a window that slides over height and width: convolution, pooling and their gradients. */
import { ValueError } from '../../errors.js';
import { describeValue } from '../plugin/describe-value.js';
import { formatShape, isLengths, type Dimension, type Shape } from './shape.js';

/** Where the channels of an image are: [N, H, W, C] or [N, C, H, W]. */
export type DataFormat = 'channelsLast' | 'channelsFirst';
/** In any case, in the spelling of tfjs or of TensorFlow. */
export type DataFormatOption = DataFormat | 'channels_last' | 'channels_first';
/** One number for each axis of an image. */
export type Pair = readonly [height: number, width: number];
/** Rows and columns of zeros around the input. */
export type PaddingAmounts = readonly [readonly [top: number, bottom: number], readonly [left: number, right: number]];
/** 'same' gives ⌈input / stride⌉ outputs, the odd row or column of zeros last, as TensorFlow does. In any case. */
export type Padding = 'valid' | 'same' | PaddingAmounts;

/** How a window slides over height and width, as a caller writes it. */
export interface WindowOptions {
  /** Default: 1; of pooling the size of the window. */
  readonly strides?: number | Pair;
  /** Default: 'valid', no padding. */
  readonly padding?: Padding;
  /** Distance between neighbouring taps. Default: 1. */
  readonly dilationRate?: number | Pair;
  /** 'channelsLast' (default) is [N, H, W, C], 'channelsFirst' is [N, C, H, W]. */
  readonly dataFormat?: DataFormatOption;
}

/** The names of `WindowOptions`, for the rules of an op that takes them. */
export const WINDOW_OPTIONS = ['strides', 'padding', 'dilationRate', 'dataFormat'] as const;

/** As kernels see it: everything resolved. */
export interface Window {
  readonly strides: Pair;
  readonly padding: PaddingAmounts;
  readonly dilationRate: Pair;
  readonly dataFormat: DataFormat;
}

/** Positions of the axes of an image tensor. */
export function axesOf(dataFormat: DataFormat): { channels: number; height: number; width: number } {
  return dataFormat === 'channelsLast' ? { channels: 3, height: 1, width: 2 } : { channels: 1, height: 2, width: 3 };
}

/** One number for both axes, or one for each. @throws ValueError unless they are positive integers */
export function positivePair(name: string, given: unknown): Pair {
  const pair: unknown = typeof given === 'number' ? [given, given] : given;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((n) => Number.isInteger(n))) {
    throw new ValueError(
      `The \`${name}\` argument must be a tuple of 2 integers. Received: ${describeValue(given)}`,
      'OPTION',
    );
  }
  if (!isLengths(pair, 1)) {
    throw new ValueError(`all values of ${name} must be positive. Received: ${describeValue(given)}`, 'OPTION');
  }
  return [pair[0] as number, pair[1] as number];
}

/** Which layout of images is meant, whatever the spelling. @throws ValueError for none */
export function spelledDataFormat(given: unknown): DataFormat {
  const spelled = lowerCased(given);
  if (spelled === 'channelslast' || spelled === 'channels_last') return 'channelsLast';
  if (spelled === 'channelsfirst' || spelled === 'channels_first') return 'channelsFirst';
  throw notOneOf('dataFormat', '"channelsFirst", "channelsLast"', given);
}

/** Which padding is meant, of those that have a name. @throws ValueError for none */
export function spelledPadding(given: unknown): 'valid' | 'same' {
  const spelled = lowerCased(given);
  if (spelled === 'valid' || spelled === 'same') return spelled;
  throw notOneOf('padding', '"valid", "same"', spelled);
}

function lowerCased(given: unknown): unknown {
  return typeof given === 'string' ? given.toLowerCase() : given;
}

function notOneOf(name: string, known: string, given: unknown): ValueError {
  const received = typeof given === 'string' ? given : describeValue(given);
  return new ValueError(`The \`${name}\` argument must be one of ${known}. Received: ${received}`, 'OPTION');
}

/** Length that `taps` taps cover when they stand `dilation` apart. */
function effectiveLength(taps: number, dilation: number): number {
  return taps === 0 ? 0 : (taps - 1) * dilation + 1;
}

/**
 * Fills in defaults and turns 'valid' and 'same' into amounts, given an image of rank 4 and the taps of the kernel.
 *
 * @throws ValueError for a value that an option does not take
 */
export function resolveWindow(given: WindowOptions, image: Shape, taps: Pair): Window {
  const dataFormat = spelledDataFormat(given.dataFormat ?? 'channelsLast');
  const strides = positivePair('strides', given.strides ?? 1);
  const dilationRate = positivePair('dilationRate', given.dilationRate ?? 1);
  const { height, width } = axesOf(dataFormat);
  const same = (axis: number, i: 0 | 1): readonly [number, number] =>
    samePadding(image[axis] ?? null, effectiveLength(taps[i], dilationRate[i]), strides[i]);
  const padding = resolvePadding(given.padding ?? 'valid', () => [same(height, 0), same(width, 1)]);
  return { strides, padding, dilationRate, dataFormat };
}

function resolvePadding(given: unknown, same: () => PaddingAmounts): PaddingAmounts {
  const spelled = lowerCased(given);
  if (spelled === 'same') return same();
  if (spelled === 'valid') return NO_PADDING;
  if (isAmounts(given)) return given;
  throw notOneOf('padding', '"valid", "same", or [[top, bottom], [left, right]] of integers >= 0', given);
}

const NO_PADDING: PaddingAmounts = [
  [0, 0],
  [0, 0],
];

function isAmounts(given: unknown): given is PaddingAmounts {
  return Array.isArray(given) && given.length === 2 && given.every((side) => isLengths(side, 0) && side.length === 2);
}

/** need = max(0, (⌈n/s⌉ − 1)·s + length − n), the smaller half before. Nothing where n is not known. */
function samePadding(n: Dimension, length: number, stride: number): readonly [number, number] {
  if (n === null) return [0, 0];
  const need = Math.max(0, (Math.ceil(n / stride) - 1) * stride + length - n);
  return [Math.floor(need / 2), need - Math.floor(need / 2)];
}

/** What slides over an image; its shape begins with its height and width. */
export interface Slider {
  /** For messages: 'kernel', 'poolSize'. */
  readonly name: string;
  readonly shape: Shape;
}

/**
 * Shape of what a window gives: [N, P, Q, channels], or [N, channels, P, Q].
 *
 * @throws ValueError when the window is longer than the padded image
 */
export function outputImage(image: Shape, slider: Slider, window: Window, channels: Dimension): Shape {
  const [p, q] = [outputLength(image, slider, window, 0), outputLength(image, slider, window, 1)];
  const batch = image[0] ?? null;
  return window.dataFormat === 'channelsLast' ? [batch, p, q, channels] : [batch, channels, p, q];
}

/** ⌊(n + before + after − length) / stride⌋ + 1; null where n is not known. */
function outputLength(image: Shape, slider: Slider, window: Window, i: 0 | 1): Dimension {
  const axis = (['height', 'width'] as const)[i];
  const n = image[axesOf(window.dataFormat)[axis]] ?? null;
  if (n === null) return null;
  const taps = slider.shape[i] ?? 0;
  const length = effectiveLength(taps, window.dilationRate[i]);
  const [before, after] = window.padding[i];
  const padded = n + before + after;
  if (length <= padded) return Math.floor((padded - length) / window.strides[i]) + 1;
  throw new ValueError(
    `Negative dimension size caused by subtracting ${length} from ${padded}: the ${axis} of ${slider.name} ` +
      `${formatShape(slider.shape)} (${taps} taps, dilationRate ${window.dilationRate[i]}) is larger than that of the ` +
      `input ${formatShape(image)}${padded > n ? `, padded to ${padded}` : ''}; use padding 'same', a smaller ` +
      `${slider.name} or a larger input`,
    'KERNEL_TOO_LARGE',
  );
}
