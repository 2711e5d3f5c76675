/**
 * Double-precision sums that one thread's kernels share: no kernel needs them between two runs, so the largest need
 * of all bindings is enough.
 */
export class Accumulators {
  #sums = new Float64Array(0);

  /** At least `length` numbers; the first `length` are set to `value`. */
  filled(length: number, value: number): Float64Array {
    if (this.#sums.length < length) this.#sums = new Float64Array(length);
    return this.#sums.fill(value, 0, length);
  }
}
