import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { abs, less, select } from '../standard/ops/arithmetic.js';

/** The smallest normal number of float32. */
const SMALLEST_NORMAL = 2 ** -126;

/**
 * x, with 0 in place of subnormal numbers; NaN stays. For what decays: an optimizer's values of a unit that gets no gradient any more
 * would stay subnormal for ever (0.9 · 4 · 2⁻¹⁴⁹ rounds to 4 · 2⁻¹⁴⁹), arithmetic on which takes many times as long, and
 * WebAssembly has no mode that flushes them.
 */
export function withoutSubnormals(x: SymbolicTensor): SymbolicTensor {
  return select(less(abs(x), SMALLEST_NORMAL), 0, x);
}
