import type { DataFormat, Pair, PaddingAmounts } from '@convoy/engine';
import type { View } from '@convoy/engine/kernels';

/** Lengths of an image tensor's axes, and the distance between neighbours along each. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly stepN: number;
  readonly stepH: number;
  readonly stepW: number;
  readonly stepC: number;
}

/** [N, H, W, C] or [N, C, H, W]. */
export function imageOf(view: View, dataFormat: DataFormat): Image {
  const [, a = 0, b = 0, c = 0] = view.shape;
  const stepN = a * b * c;
  return dataFormat === 'channelsLast'
    ? { height: a, width: b, channels: c, stepN, stepH: b * c, stepW: c, stepC: 1 }
    : { height: b, width: c, channels: a, stepN, stepH: c, stepW: 1, stepC: b * c };
}

/** The part of a window that lies inside the image along one axis: taps [from, to) of the window at `start`. */
export interface Taps {
  /** Position in the image of tap 0; may be negative. */
  start: number;
  from: number;
  to: number;
}

/** Windows of all output positions along one axis. */
export function tapsAlong(
  outputs: number,
  taps: number,
  length: number,
  axis: 0 | 1,
  window: { strides: Pair; padding: PaddingAmounts; dilationRate: Pair },
): Taps[] {
  const stride = window.strides[axis];
  const dilation = window.dilationRate[axis];
  const before = window.padding[axis][0];
  return Array.from({ length: outputs }, (_, p) => {
    const start = p * stride - before;
    const from = Math.min(taps, Math.max(0, Math.ceil(-start / dilation)));
    const to = Math.max(from, Math.min(taps, Math.ceil((length - start) / dilation)));
    return { start, from, to };
  });
}
