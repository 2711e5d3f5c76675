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

/**
 * Statements that return the input's element under a tap, or 0 outside of the image: from n, pp, q (an output position), r, s (a tap)
 * and c. An unsigned position that went below 0 is beyond every length.
 */
export const INPUT_UNDER_TAP = `let h = pp * p.stride_h + r * p.dilation_h - p.top;
let w = q * p.stride_w + s * p.dilation_w - p.left;
if (h >= p.x_height || w >= p.x_width) { return 0.0; }
return x_at(n * p.x_n + h * p.x_h + w * p.x_w + c * p.x_c);`;

/** Positions of all images of an operand; those of a concrete tensor are no batch. */
export function positionsOf({ shape, batched }: Operand, perImage: number): Extent {
  return { count: batched ? perImage : perImage * shape[0], batched };
}
