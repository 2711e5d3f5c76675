/** Which way a convolution is computed: decided when the program is made, by shapes and attributes alone. */
import type { Window } from '@convoy/engine';
import type { Geometry } from './geometry.js';

/**
 * Direct: the sum as it stands. Winograd: F(4×4, 3×3) and F(3×3, 4×4), a quarter of the multiplications, less exact. Scatter: what each pixel of dy
 * adds to the input's gradient is computed at once, and added.
 */
export type Algorithm = 'direct' | 'winograd' | 'scatter';

/** Whichever is fastest, with or without Winograd; or one of them wherever it can be, else the direct one. */
export type AlgorithmChoice = 'byRule' | 'exactByRule' | Algorithm;

/** Attributes of a convolution in a program. */
export interface ConvolutionAttributes extends Window {
  readonly algorithm: Algorithm;
}

/**
 * Of a pass that makes images of `rows` × `columns`, for the filter's gradient those of dy. The number of examples has no say, for
 * an example's values must not depend on how the batch is cut.
 */
export function algorithmFor(choice: AlgorithmChoice, geometry: Geometry, rows: number, columns: number): Algorithm {
  const allowed = choice === 'winograd' || (choice === 'byRule' && isWorthTiles(rows, columns));
  return allowed && acceptsWinograd(geometry) ? 'winograd' : 'direct';
}

/** Of the pass that makes the gradient of the input. */
export function inputGradientAlgorithm(choice: AlgorithmChoice, geometry: Geometry): Algorithm {
  if (choice === 'scatter') return 'scatter';
  const algorithm = algorithmFor(choice, geometry, geometry.H, geometry.W);
  const isFree = choice === 'byRule' || choice === 'exactByRule';
  return isFree && algorithm === 'direct' && isWorthScattering(geometry) ? 'scatter' : algorithm;
}

function acceptsWinograd({ C, K, R, S, strides, dilations, top, left, work }: Geometry): boolean {
  const slides = [...strides, ...dilations].every((step) => step === 1);
  const channels = C % 4 === 0 && K % 4 === 0;
  // The input gradient pads dy by 2 − top and 2 − left.
  return work > 0 && R === 3 && S === 3 && slides && channels && top <= 2 && left <= 2;
}

/**
 * Measured (see `bench kernels`): with fewer than four tiles an image the transforms of the filter outweigh what is saved, and with
 * more than half of the tiles' outputs beyond the image the direct sum is as fast.
 */
function isWorthTiles(rows: number, columns: number): boolean {
  const tiles = Math.ceil(rows / 4) * Math.ceil(columns / 4);
  return tiles >= 4 && 2 * rows * columns >= 16 * tiles;
}

/**
 * Steps of four multiplications and additions for each channel of dy: the direct sum goes over all taps of every pixel of the input, with
 * columns for 8 or a multiple of 16 channels; scattering over every pixel of dy, with columns for the taps of all channels, and takes about as
 * long as eight channels of dy for each product and two for each addition.
 */
function isWorthScattering({ H, W, C, P, Q, K, R, S, strides }: Geometry): boolean {
  const columns = (n: number): number => (n <= 8 ? 8 : 16 * Math.ceil(n / 16));
  const direct = ((H * W * R * S) / (strides[0] * strides[1])) * columns(C) * K;
  const scattered = P * Q * (16 * Math.ceil((R * S * C) / 16) * (K + 8) + 2 * R * S * C);
  return scattered < direct;
}
