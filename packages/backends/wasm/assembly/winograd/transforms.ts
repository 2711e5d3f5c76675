/**
 * The one-dimensional transforms of F(4, 3) and F(3, 4) for the points 0, 1, −1, 2, −2, ∞ (Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks", 2015), of four channels at once. Each reads vectors `step` bytes apart from one address and writes
 * them to another; applied along rows, then along columns, they are the two-dimensional ones.
 *
 * Where but one or two of a tile's four outputs exist, the points 0, 1, −1 and ∞, numbers 0, 1, 2 and 5, are enough: F(2, 3) and F(3, 2). Their
 * transforms of the input and of dy are scaled so that the filter is transformed, and sums of products are, as for whole tiles.
 */

/** Bᵀ: six values of the input. */
// @ts-ignore: decorator
@inline
export function inputTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + step);
  const d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step);
  const d4 = v128.load(from + 4 * step);
  const d5 = v128.load(from + 5 * step);
  const four = v128.splat<f32>(4);
  const five = v128.splat<f32>(5);
  const even = v128.sub<f32>(d4, v128.mul<f32>(four, d2));
  const odd = v128.sub<f32>(d3, v128.mul<f32>(four, d1));
  const evens = v128.sub<f32>(d4, d2);
  const odds = v128.sub<f32>(d3, d1);
  const twice = v128.add<f32>(odds, odds);
  v128.store(to, v128.add<f32>(v128.sub<f32>(v128.mul<f32>(four, d0), v128.mul<f32>(five, d2)), d4));
  v128.store(to + toStep, v128.add<f32>(even, odd));
  v128.store(to + 2 * toStep, v128.sub<f32>(even, odd));
  v128.store(to + 3 * toStep, v128.add<f32>(evens, twice));
  v128.store(to + 4 * toStep, v128.sub<f32>(evens, twice));
  v128.store(to + 5 * toStep, v128.add<f32>(v128.sub<f32>(v128.mul<f32>(four, d1), v128.mul<f32>(five, d3)), d5));
}

/** Bᵀ of a half tile: four values of the input. */
// @ts-ignore: decorator
@inline
export function halfInputTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + step);
  const d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step);
  const three = v128.splat<f32>(3);
  v128.store(to, v128.mul<f32>(v128.splat<f32>(4), v128.sub<f32>(d0, d2)));
  v128.store(to + toStep, v128.mul<f32>(v128.splat<f32>(-3), v128.add<f32>(d1, d2)));
  v128.store(to + 2 * toStep, v128.mul<f32>(three, v128.sub<f32>(d1, d2)));
  v128.store(to + 5 * toStep, v128.sub<f32>(d3, d1));
}

/** G of F(4, 3): three taps of the filter. */
// @ts-ignore: decorator
@inline
export function filterTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from);
  const g1 = v128.load(from + step);
  const g2 = v128.load(from + 2 * step);
  const sixth = v128.splat<f32>(1.0 / 6);
  const ends = v128.mul<f32>(sixth, v128.add<f32>(g0, g2));
  const middle = v128.mul<f32>(sixth, g1);
  const outer = v128.add<f32>(v128.mul<f32>(v128.splat<f32>(1.0 / 24), g0), v128.mul<f32>(sixth, g2));
  const half = v128.mul<f32>(v128.splat<f32>(1.0 / 12), g1);
  v128.store(to, v128.mul<f32>(v128.splat<f32>(0.25), g0));
  v128.store(to + toStep, v128.neg<f32>(v128.add<f32>(ends, middle)));
  v128.store(to + 2 * toStep, v128.sub<f32>(middle, ends));
  v128.store(to + 3 * toStep, v128.add<f32>(outer, half));
  v128.store(to + 4 * toStep, v128.sub<f32>(outer, half));
  v128.store(to + 5 * toStep, g2);
}

/** Aᵀ of F(4, 3): six products become four outputs. */
// @ts-ignore: decorator
@inline
export function outputTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const m0 = v128.load(from);
  const m1 = v128.load(from + step);
  const m2 = v128.load(from + 2 * step);
  const m3 = v128.load(from + 3 * step);
  const m4 = v128.load(from + 4 * step);
  const m5 = v128.load(from + 5 * step);
  const sum1 = v128.add<f32>(m1, m2);
  const difference1 = v128.sub<f32>(m1, m2);
  const sum2 = v128.add<f32>(m3, m4);
  const difference2 = v128.sub<f32>(m3, m4);
  v128.store(to, v128.add<f32>(v128.add<f32>(m0, sum1), sum2));
  v128.store(to + toStep, v128.add<f32>(difference1, v128.add<f32>(difference2, difference2)));
  v128.store(to + 2 * toStep, v128.add<f32>(sum1, v128.mul<f32>(v128.splat<f32>(4), sum2)));
  v128.store(
    to + 3 * toStep,
    v128.add<f32>(v128.add<f32>(difference1, v128.mul<f32>(v128.splat<f32>(8), difference2)), m5),
  );
}

/** Aᵀ of a half tile: four products become two outputs. */
// @ts-ignore: decorator
@inline
export function halfOutputTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const m0 = v128.load(from);
  const m1 = v128.load(from + step);
  const m2 = v128.load(from + 2 * step);
  const m5 = v128.load(from + 5 * step);
  v128.store(to, v128.add<f32>(m0, v128.add<f32>(m1, m2)));
  v128.store(to + toStep, v128.add<f32>(v128.sub<f32>(m1, m2), m5));
}

/** G of F(3, 4): four gradients of the output, in the part of the filter. */
// @ts-ignore: decorator
@inline
export function gradientTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from);
  const g1 = v128.load(from + step);
  const g2 = v128.load(from + 2 * step);
  const g3 = v128.load(from + 3 * step);
  const sixth = v128.splat<f32>(1.0 / 6);
  const evens = v128.mul<f32>(sixth, v128.add<f32>(g0, g2));
  const odds = v128.mul<f32>(sixth, v128.add<f32>(g1, g3));
  const outer = v128.add<f32>(v128.mul<f32>(v128.splat<f32>(1.0 / 24), g0), v128.mul<f32>(sixth, g2));
  const inner = v128.add<f32>(v128.mul<f32>(v128.splat<f32>(1.0 / 12), g1), v128.mul<f32>(v128.splat<f32>(1.0 / 3), g3));
  v128.store(to, v128.mul<f32>(v128.splat<f32>(0.25), g0));
  v128.store(to + toStep, v128.neg<f32>(v128.add<f32>(evens, odds)));
  v128.store(to + 2 * toStep, v128.sub<f32>(odds, evens));
  v128.store(to + 3 * toStep, v128.add<f32>(outer, inner));
  v128.store(to + 4 * toStep, v128.sub<f32>(outer, inner));
  v128.store(to + 5 * toStep, g3);
}

/** G of a half tile: two gradients of the output. */
// @ts-ignore: decorator
@inline
export function halfGradientTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from);
  const g1 = v128.load(from + step);
  v128.store(to, v128.mul<f32>(v128.splat<f32>(0.25), g0));
  v128.store(to + toStep, v128.mul<f32>(v128.splat<f32>(-1.0 / 6), v128.add<f32>(g0, g1)));
  v128.store(to + 2 * toStep, v128.mul<f32>(v128.splat<f32>(1.0 / 6), v128.sub<f32>(g1, g0)));
  v128.store(to + 5 * toStep, g1);
}

/** Aᵀ of F(3, 4): six sums of products become three taps of the filter's gradient. */
// @ts-ignore: decorator
@inline
export function filterOutputTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const m0 = v128.load(from);
  const m1 = v128.load(from + step);
  const m2 = v128.load(from + 2 * step);
  const m3 = v128.load(from + 3 * step);
  const m4 = v128.load(from + 4 * step);
  const m5 = v128.load(from + 5 * step);
  const sum1 = v128.add<f32>(m1, m2);
  const sum2 = v128.add<f32>(m3, m4);
  const difference2 = v128.sub<f32>(m3, m4);
  v128.store(to, v128.add<f32>(v128.add<f32>(m0, sum1), sum2));
  v128.store(to + toStep, v128.add<f32>(v128.sub<f32>(m1, m2), v128.add<f32>(difference2, difference2)));
  v128.store(to + 2 * toStep, v128.add<f32>(v128.add<f32>(sum1, v128.mul<f32>(v128.splat<f32>(4), sum2)), m5));
}
