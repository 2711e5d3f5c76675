/** The arithmetic of a window that slides over height and width: convolution, pooling and their gradients. */
import { ValueError } from '../errors.js';
import type { Shape } from './shape.js';

export type DataFormat = 'channelsLast' | 'channelsFirst';
export type Pair = readonly [height: number, width: number];
/** Rows and columns of zeros around the input. */
export type PaddingAmounts = readonly [readonly [top: number, bottom: number], readonly [left: number, right: number]];
/** 'same' gives ⌈input / stride⌉ outputs, the odd row or column of zeros last, as TensorFlow does. */
export type Padding = 'valid' | 'same' | PaddingAmounts;

export interface WindowOptions {
  /** Default: 1. */
  readonly strides?: number | Pair;
  /** Default: 'valid', no padding. */
  readonly padding?: Padding;
  /** Distance between neighbouring taps. Default: 1. */
  readonly dilationRate?: number | Pair;
  /** 'channelsLast' (default) is [N, H, W, C], 'channelsFirst' is [N, C, H, W]. */
  readonly dataFormat?: DataFormat;
}

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

/** One number for both axes, or one for each; positive integers. */
export function positivePair(where: string, name: string, given: number | Pair): Pair {
  const pair: readonly number[] = typeof given === 'number' ? [given, given] : given;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((n) => Number.isInteger(n))) {
    throw new ValueError(
      `${where}: The \`${name}\` argument must be a tuple of 2 integers. Received: ${JSON.stringify(given)}`,
      'OPTION',
    );
  }
  if (pair.some((n) => n < 1)) {
    throw new ValueError(
      `${where}: all values of ${name} must be positive. Received: ${JSON.stringify(given)}`,
      'OPTION',
    );
  }
  return [pair[0] as number, pair[1] as number];
}

export function checkDataFormat(where: string, given: unknown): DataFormat {
  if (given === 'channelsLast' || given === 'channelsFirst') return given;
  throw new ValueError(
    `${where}: the \`dataFormat\` argument must be one of "channelsFirst", "channelsLast". Received: ${String(given)}`,
    'OPTION',
  );
}

/** Length that `taps` taps cover when they stand `dilation` apart. */
export function effectiveLength(taps: number, dilation: number): number {
  return taps === 0 ? 0 : (taps - 1) * dilation + 1;
}

/** Fills in defaults and turns 'valid' and 'same' into amounts, given the sizes that they depend on. */
export function resolveWindow(where: string, given: WindowOptions, input: Pair, kernel: Pair): Window {
  const dataFormat = checkDataFormat(where, given.dataFormat ?? 'channelsLast');
  const strides = positivePair(where, 'strides', given.strides ?? 1);
  const dilationRate = positivePair(where, 'dilationRate', given.dilationRate ?? 1);
  const lengths: Pair = [effectiveLength(kernel[0], dilationRate[0]), effectiveLength(kernel[1], dilationRate[1])];
  const padding = resolvePadding(where, given.padding ?? 'valid', input, lengths, strides);
  return { strides, padding, dilationRate, dataFormat };
}

function resolvePadding(where: string, given: Padding, input: Pair, lengths: Pair, strides: Pair): PaddingAmounts {
  if (given === 'valid')
    return [
      [0, 0],
      [0, 0],
    ];
  if (given === 'same')
    return [samePadding(input[0], lengths[0], strides[0]), samePadding(input[1], lengths[1], strides[1])];
  const isAmount = (n: unknown): boolean => Number.isInteger(n) && (n as number) >= 0;
  if (
    !Array.isArray(given) ||
    given.length !== 2 ||
    !given.every((side) => Array.isArray(side) && side.length === 2 && side.every(isAmount))
  ) {
    throw new ValueError(
      `${where}: the \`padding\` argument must be one of "valid", "same", or [[top, bottom], [left, right]] of ` +
        `integers >= 0. Received: ${JSON.stringify(given)}`,
      'OPTION',
    );
  }
  return given;
}

/** need = max(0, (⌈n/s⌉ − 1)·s + length − n), the smaller half before. */
function samePadding(n: number, length: number, stride: number): readonly [number, number] {
  const need = Math.max(0, (Math.ceil(n / stride) - 1) * stride + length - n);
  return [Math.floor(need / 2), need - Math.floor(need / 2)];
}

/** ⌊(n + before + after − length) / stride⌋ + 1. @throws ValueError when the window is longer than the padded input */
export function outputLength(where: string, axis: 'height' | 'width', n: number, taps: number, window: Window): number {
  const i = axis === 'height' ? 0 : 1;
  const length = effectiveLength(taps, window.dilationRate[i]);
  const padded = n + window.padding[i][0] + window.padding[i][1];
  if (length > padded) {
    throw new ValueError(
      `${where}: Negative dimension size caused by subtracting ${length} from ${padded}: the ${axis} of the kernel ` +
        `(${taps} taps, dilationRate ${window.dilationRate[i]}) is larger than that of the input (${n}` +
        `${padded > n ? `, padded ${padded}` : ''}); use padding 'same', a smaller kernel or a larger input`,
      'KERNEL_TOO_LARGE',
    );
  }
  return Math.floor((padded - length) / window.strides[i]) + 1;
}

/** Height and width. */
export function sizesOf(image: Shape, dataFormat: DataFormat): Pair {
  const { height, width } = axesOf(dataFormat);
  return [image[height] as number, image[width] as number];
}
