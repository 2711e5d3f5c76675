/** Functions of assembly/math that generated kernels import; on vectors, so JavaScript cannot call them. */
export interface MathExports {
  readonly exp4: () => void;
  readonly log4: () => void;
  readonly log1p4: () => void;
  readonly tanh4: () => void;
  readonly sin4: () => void;
  readonly cos4: () => void;
  readonly pow4: () => void;
}
