import type { Window } from '@convoy/engine';
import type { Operand } from '../device-kernel.js';
import type { Extent } from '../matrix/tiled-product.js';
import { imageNumbers } from '../shader/image.js';

/** A convolution or one of its gradients: input N H W C, filter R S C K, output N P Q K. */
export interface Convolution {
  readonly x: Operand;
  readonly filter: Operand;
  readonly y: Operand;
}

/** The numbers of a convolution, by the names that its shaders use. */
export function convolutionNumbers({ x, filter, y }: Convolution, window: Window) {
  const [R, S, C, K] = filter.shape as [number, number, number, number];
  const { strides, dilationRate, padding, dataFormat } = window;
  return {
    ...imageNumbers('x', x, dataFormat),
    ...imageNumbers('y', y, dataFormat),
    R,
    S,
    C,
    K,
    stride_h: strides[0],
    stride_w: strides[1],
    dilation_h: dilationRate[0],
    dilation_w: dilationRate[1],
    top: padding[0][0],
    left: padding[1][0],
  };
}

/** Statements that take an output position `index` apart: the image's begin, and where its window begins; unsigned, they may wrap around. */
export const windowOf = (index: 'm' | 'k'): string => `let q = ${index} % p.y_width;
let line = ${index} / p.y_width;
return vec4<u32>((line / p.y_height) * p.x_n, (line % p.y_height) * p.stride_h - p.top, q * p.stride_w - p.left, 0u);`;

/** Statements that take an index over r, s and channels apart: the tap's distance from the window's begin, and the channel's. */
export const tapOf = (
  index: 'm' | 'k',
  channels: 'C' | 'K',
  stride: 'x_c' | 'y_c',
): string => `let tap = ${index} / p.${channels};
return vec4<u32>((tap / p.S) * p.dilation_h, (tap % p.S) * p.dilation_w, (${index} % p.${channels}) * p.${stride}, 0u);`;

/** The input's element under a tap, or 0 outside of the image: a position that went below 0 is beyond every length. */
export const inputUnder = (window: 'row' | 'column', tap: 'row' | 'column'): string => `let h = ${window}.y + ${tap}.x;
let w = ${window}.z + ${tap}.y;
if (h >= p.x_height || w >= p.x_width) { return 0.0; }
return x_at(${window}.x + h * p.x_h + w * p.x_w + ${tap}.z);`;

/** Positions of all images of an operand; those of a concrete tensor are no batch. */
export function positionsOf({ shape, batched }: Operand, perImage: number): Extent {
  return { count: batched ? perImage : perImage * shape[0], batched };
}
