/** Functions of assembly/convolution; addresses in bytes, lengths in elements, flags 0 or 1. */
export interface ConvolutionExports {
  readonly conv2d: (...numbers: number[]) => void;
  readonly conv2dScratch: (...numbers: number[]) => number;
  readonly conv2dInputGradient: (...numbers: number[]) => void;
  readonly conv2dInputGradientScratch: (...numbers: number[]) => number;
  readonly scatterInputGradient: (...numbers: number[]) => void;
  readonly scatterScratch: (...numbers: number[]) => number;
  readonly conv2dFilterGradient: (...numbers: number[]) => void;
  readonly conv2dFilterGradientScratch: (...numbers: number[]) => number;
}
