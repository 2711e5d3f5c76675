/** Which way a convolution is computed: decided when the program is made, by shapes and attributes alone. */
import type { Window } from '@convoy/engine';
import type { Geometry } from './geometry.js';

/** Direct: the sum as it stands. Winograd: F(4×4, 3×3) and F(3×3, 4×4), a quarter of the multiplications, less exact. */
export type Algorithm = 'direct' | 'winograd';

/** 'byRule' is Winograd where it is faster; 'winograd' wherever it can be. */
export type AlgorithmChoice = 'byRule' | Algorithm;

/** Attributes of a convolution in a program. */
export interface ConvolutionAttributes extends Window {
  readonly algorithm: Algorithm;
}

/**
 * Of a pass that makes images of `rows` × `columns`, for the filter's gradient those of dy. The number of examples has no say, for
 * an example's values must not depend on how the batch is cut.
 */
export function algorithmFor(choice: AlgorithmChoice, geometry: Geometry, rows: number, columns: number): Algorithm {
  if (choice === 'direct' || !acceptsWinograd(geometry)) return 'direct';
  return choice === 'winograd' || isWorthTiles(rows, columns) ? 'winograd' : 'direct';
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
