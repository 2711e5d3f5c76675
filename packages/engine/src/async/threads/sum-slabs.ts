import type { GradientSpan } from './error-feedback.js';

/**
 * Adds the shards' slabs up as a binary tree, in place, as the kernel `treeSum` does: slab s takes slab s + 1, then s + 2, s + 4, …. So the sum
 * does not depend on which replica has computed what.
 *
 * @returns whether all sums are finite
 */
export function sumSlabs(buffer: ArrayBufferLike, slabs: readonly number[], spans: readonly GradientSpan[]): boolean {
  return spans.every(({ offset, length }) => {
    const parts = slabs.map((slab) => new Float32Array(buffer, slab + offset, length));
    for (let stride = 1; stride < parts.length; stride *= 2) {
      for (let s = 0; s + stride < parts.length; s += 2 * stride) {
        addInto(parts[s] as Float32Array, parts[s + stride] as Float32Array);
      }
    }
    return parts[0]?.every(Number.isFinite) ?? true;
  });
}

function addInto(a: Float32Array, b: Float32Array): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + (b[i] as number);
}
