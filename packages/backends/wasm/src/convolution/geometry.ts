import type { Window } from '@convoy/engine';
import type { View } from '@convoy/engine/kernels';

/** The numbers of a convolution, in the letters of the field: input N H W C, filter R S C K, output N P Q K. */
export interface Geometry {
  readonly H: number;
  readonly W: number;
  readonly C: number;
  readonly P: number;
  readonly Q: number;
  readonly K: number;
  readonly R: number;
  readonly S: number;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly top: number;
  readonly left: number;
  /** As far as the windows reach, from the first row and column of padding on. */
  readonly paddedHeight: number;
  readonly paddedWidth: number;
  /** 1 for channels last, 0 for channels first. */
  readonly last: 0 | 1;
  /** Elements of an output and of the sum that makes one; 0 when there is nothing to compute. */
  readonly work: number;
}

/** Of the convolution of `x` with `filter` to `y`, or of its gradients, which have the same three shapes. */
export function geometryOf(x: View, filter: View, y: View, attributes: Window): Geometry {
  const channelsLast = attributes.dataFormat === 'channelsLast';
  const [H, W, C] = channelsLast ? x.shape.slice(1) : [x.shape[2], x.shape[3], x.shape[1]];
  const [P, Q] = channelsLast ? y.shape.slice(1) : y.shape.slice(2);
  const [R, S, , K] = filter.shape;
  const { strides, dilationRate, padding } = attributes;
  return {
    H,
    W,
    C,
    P,
    Q,
    K,
    R,
    S,
    strides,
    dilations: dilationRate,
    top: padding[0][0],
    left: padding[1][0],
    paddedHeight: (P - 1) * strides[0] + (R - 1) * dilationRate[0] + 1,
    paddedWidth: (Q - 1) * strides[1] + (S - 1) * dilationRate[1] + 1,
    last: channelsLast ? 1 : 0,
    work: P * Q * K * R * S * C,
  };
}

/** Sizes, filter, strides and dilations, in the order in which the functions take them. */
export function sizesOf({ H, W, C, P, Q, K, R, S, strides, dilations }: Geometry): number[] {
  return [H, W, C, P, Q, K, R, S, ...strides, ...dilations];
}
