/** Functions of assembly/random; addresses in bytes, lengths in elements. */
export interface RandomExports {
  readonly randomUniform: (
    y: number,
    rows: number,
    perRow: number,
    first: number,
    step: number,
    key0: number,
    key1: number,
  ) => void;
}
