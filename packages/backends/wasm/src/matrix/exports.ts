/** Functions of assembly/matrix; addresses in bytes, lengths in elements, flags 0 or 1. */
export interface MatrixExports {
  /** c [rows][columns] = a · b, with a [rows][depth] or its transpose, and b [depth][columns] or its transpose. */
  readonly gemm: (
    a: number,
    b: number,
    c: number,
    rows: number,
    depth: number,
    columns: number,
    transposeA: number,
    transposeB: number,
    scratch: number,
  ) => void;
  /** Rows [first, end) of c [rows][columns] = aᵀ · b, with a [depth][rows] and b [depth][columns]. */
  readonly gemmRows: (
    a: number,
    b: number,
    c: number,
    rows: number,
    depth: number,
    columns: number,
    first: number,
    end: number,
    scratch: number,
  ) => void;
  /** Floats of scratch of both. */
  readonly gemmScratch: (depth: number, columns: number) => number;
}
