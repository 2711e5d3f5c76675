/** Functions of assembly/winograd; addresses in bytes, lengths in elements, flags 0 or 1. */
export interface WinogradExports {
  readonly correlateTiles: (...numbers: number[]) => void;
  readonly winogradScratch: (...numbers: number[]) => number;
  readonly filterGradientTiles: (...numbers: number[]) => void;
  readonly winogradFilterScratch: (...numbers: number[]) => number;
}
