/** What is done with each window, as assembly/pooling/pool.ts numbers it. */
export const Kind = { maximum: 0, toMaximum: 1, mean: 2, shares: 3 } as const;

/** Functions of assembly/pooling; addresses in bytes, lengths in elements, flags 0 or 1. */
export interface PoolingExports {
  /** A `Kind`, the addresses of x, of y or dy, and of dx (0 for those that a kind has no use for), and sizes. */
  readonly pool: (...numbers: number[]) => void;
}
