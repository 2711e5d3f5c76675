/** A matrix product to measure: [rows × depth] · [depth × columns]. */
export interface Product {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/** A convolution to measure, with padding 'same': images H × H of C channels, R × R taps, K filters. */
export interface Convolution {
  readonly N: number;
  readonly H: number;
  readonly C: number;
  readonly K: number;
  readonly R: number;
  readonly stride: number;
}

export const products: readonly Product[] = [
  { rows: 512, depth: 512, columns: 512 },
  { rows: 8, depth: 9216, columns: 128 },
  { rows: 128, depth: 128, columns: 10 },
];

export const convolutions: readonly Convolution[] = [
  { N: 8, H: 28, C: 128, K: 128, R: 3, stride: 1 },
  { N: 8, H: 56, C: 64, K: 64, R: 3, stride: 1 },
  { N: 8, H: 28, C: 32, K: 64, R: 3, stride: 1 },
  { N: 8, H: 14, C: 32, K: 64, R: 3, stride: 1 },
  { N: 32, H: 32, C: 32, K: 32, R: 3, stride: 1 },
  { N: 32, H: 32, C: 16, K: 16, R: 3, stride: 1 },
  { N: 8, H: 7, C: 256, K: 256, R: 3, stride: 1 },
  { N: 8, H: 32, C: 16, K: 32, R: 3, stride: 2 },
  { N: 8, H: 28, C: 64, K: 128, R: 1, stride: 1 },
  { N: 8, H: 14, C: 6, K: 16, R: 5, stride: 1 },
  { N: 8, H: 28, C: 1, K: 32, R: 3, stride: 1 },
  { N: 8, H: 32, C: 3, K: 16, R: 3, stride: 1 },
];
