/** Functions of assembly/winograd; addresses in bytes, lengths in elements, flags 0 or 1. */
export interface WinogradExports {
  readonly correlateTiles: (...numbers: number[]) => void;
  readonly winogradScratch: (...numbers: number[]) => number;
  /** Floats of a filter in the space of the products, for so many channels in and out. */
  readonly filterSize: (inputs: number, outputs: number) => number;
  readonly transformFilter: (f: number, C: number, K: number, exchanged: number, to: number) => void;
  readonly filterGradientTiles: (...numbers: number[]) => void;
  readonly winogradFilterScratch: (...numbers: number[]) => number;
}
