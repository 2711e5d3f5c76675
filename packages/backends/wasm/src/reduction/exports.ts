/** Functions of assembly/reduction; addresses in bytes, lengths in elements, flags 0 or 1. */
export interface ReductionExports {
  /** a[i] += b[i] for begin <= i < end. */
  readonly addRange: (a: number, b: number, begin: number, end: number) => void;
  /** 1 when all a[i] with begin <= i < end are finite, else 0. */
  readonly isFiniteRange: (a: number, begin: number, end: number) => number;
  /** y [outer][inner] from x [outer][reduced][inner]. */
  readonly reduceSum: Reduce;
  readonly reduceMax: Reduce;
  /** y[column] = or += Σ x[row][column]. */
  readonly sumColumns: (x: number, y: number, rows: number, columns: number, adds: number) => void;
  readonly argMax: (x: number, y: number, vectors: number, length: number) => void;
  readonly oneHot: (labels: number, y: number, count: number, depth: number) => void;
}

/** Reduces the middle of three axes. */
export type Reduce = (x: number, y: number, outer: number, reduced: number, inner: number) => void;
