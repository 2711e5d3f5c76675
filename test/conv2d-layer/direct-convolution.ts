/** Convolution by its definition, in double precision: [N, H, W, C] with [R, S, C, K], stride 1, no padding. */
export interface ConvolutionSizes {
  readonly input: readonly [n: number, h: number, w: number, c: number];
  readonly kernel: readonly [r: number, s: number, k: number];
}

/** Calls back with the index of each product of the sum: of y, of x and of the kernel. */
function eachProduct(
  { input: [n, h, w, c], kernel: [r, s, k] }: ConvolutionSizes,
  visit: (y: number, x: number, kernel: number) => void,
): void {
  const [p, q] = [h - r + 1, w - s + 1];
  for (let y = 0; y < n * p * q * k; y++) {
    const [image, row, column, filter] = [
      Math.floor(y / (p * q * k)),
      Math.floor(y / (q * k)) % p,
      Math.floor(y / k) % q,
      y % k,
    ];
    for (let tap = 0; tap < r * s * c; tap++) {
      const [i, j, channel] = [Math.floor(tap / (s * c)), Math.floor(tap / c) % s, tap % c];
      visit(y, ((image * h + row + i) * w + column + j) * c + channel, tap * k + filter);
    }
  }
}

export function outputSize({ input: [n, h, w], kernel: [r, s, k] }: ConvolutionSizes): number {
  return n * (h - r + 1) * (w - s + 1) * k;
}

/** y = x ∗ kernel + bias */
export function convolve(
  sizes: ConvolutionSizes,
  x: ArrayLike<number>,
  kernel: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  const output = Float64Array.from({ length: outputSize(sizes) }, (_, i) => bias[i % sizes.kernel[2]]);
  eachProduct(sizes, (y, at, tap) => {
    output[y] += x[at] * kernel[tap];
  });
  return output;
}

/** dL/dkernel and dL/dbias for dL/dy. */
export function weightGradients(
  sizes: ConvolutionSizes,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
): { kernel: Float64Array; bias: Float64Array } {
  const [r, s, k] = sizes.kernel;
  const kernel = new Float64Array(r * s * sizes.input[3] * k);
  eachProduct(sizes, (y, at, tap) => {
    kernel[tap] += x[at] * dy[y];
  });
  const bias = new Float64Array(k);
  Array.from(dy).forEach((value, i) => {
    bias[i % k] += value;
  });
  return { kernel, bias };
}
