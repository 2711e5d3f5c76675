/** Functions of assembly/pooling; addresses in bytes, lengths in elements. */
export interface PoolingExports {
  readonly maxPool2d: (...numbers: number[]) => void;
  readonly maxPool2dGradient: (...numbers: number[]) => void;
  readonly averagePool2d: (...numbers: number[]) => void;
  readonly averagePool2dGradient: (...numbers: number[]) => void;
}
