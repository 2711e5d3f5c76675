/** Functions of assembly/reduction; addresses in bytes, lengths in elements. */
export interface ReductionExports {
  /** a[i] += b[i] for begin <= i < end. */
  readonly addRange: (a: number, b: number, begin: number, end: number) => void;
  /** 1 when all a[i] with begin <= i < end are finite, else 0. */
  readonly isFiniteRange: (a: number, begin: number, end: number) => number;
}
