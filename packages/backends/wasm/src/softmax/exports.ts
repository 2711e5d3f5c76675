/** Functions of assembly/softmax; addresses in bytes, lengths in elements, flags 0 or 1. */
export interface SoftmaxExports {
  readonly softmax: (...numbers: number[]) => void;
  readonly softmaxGradient: (...numbers: number[]) => void;
  readonly sparseCrossEntropy: (...numbers: number[]) => void;
  readonly sparseCrossEntropyGradient: (...numbers: number[]) => void;
  readonly crossEntropy: (...numbers: number[]) => void;
  readonly crossEntropyGradient: (...numbers: number[]) => void;
}
