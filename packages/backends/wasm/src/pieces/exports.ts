/** Functions of assembly/pieces; addresses and distances in bytes, lengths in elements. */
export interface PiecesExports {
  readonly copyBox: (from: number, to: number, ...numbers: number[]) => void;
  readonly clear: (to: number, elements: number) => void;
}
