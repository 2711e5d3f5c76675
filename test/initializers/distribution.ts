/** Distribution functions, and how far draws are from them. */

/** Φ, by its Taylor series around 0: ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …). */
export function normalCdf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-(x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Of a standard normal that is kept within ±2. */
export function truncatedCdf(x: number): number {
  const [low, high] = [normalCdf(-2), normalCdf(2)];
  return Math.min(1, Math.max(0, (normalCdf(x) - low) / (high - low)));
}

export function uniformCdf(x: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (x - from) / (to - from)));
}

/** Kolmogorov and Smirnov's distance sup |F̂(x) − F(x)|. */
export function distanceTo(draws: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(draws).toSorted();
  const n = sorted.length;
  return sorted.reduce((most, x, i) => Math.max(most, cdf(x) - i / n, (i + 1) / n - cdf(x)), 0);
}

export function meanOf(draws: ArrayLike<number>): number {
  return Float64Array.from(draws).reduce((sum, x) => sum + x, 0) / draws.length;
}

export function varianceOf(draws: ArrayLike<number>): number {
  const mean = meanOf(draws);
  return Float64Array.from(draws).reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws.length - 1);
}
