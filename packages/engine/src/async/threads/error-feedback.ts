import type { Coder } from '../../define/codec.js';

/** A part of a gradient slab: bytes from its start, and elements. */
export interface GradientSpan {
  readonly offset: number;
  readonly length: number;
}

/**
 * Sends gradients through a coder and remembers what it loses: that is added to the next gradient, so that in the long run nothing
 * is lost (Seide et al. 2014; Karimireddy et al. 2019).
 */
export class ErrorFeedback {
  readonly #coder: Coder;
  readonly #spans: readonly GradientSpan[];
  readonly #lost: readonly Float32Array[];

  constructor(coder: Coder, spans: readonly GradientSpan[]) {
    this.#coder = coder;
    this.#spans = spans;
    this.#lost = spans.map(({ length }) => new Float32Array(length));
  }

  /**
   * Replaces the gradients in a slab by what arrives of them.
   *
   * @returns part of their bytes that travels
   */
  pass(buffer: ArrayBufferLike, slab: number): number {
    let [sent, whole] = [0, 0];
    this.#spans.forEach(({ offset, length }, i) => {
      const gradient = new Float32Array(buffer, slab + offset, length);
      const carried = this.#lost[i] as Float32Array;
      for (let j = 0; j < length; j++) carried[j] = (carried[j] as number) + (gradient[j] as number);
      const bytes = this.#coder.encode(carried);
      this.#coder.decode(bytes, gradient);
      for (let j = 0; j < length; j++) carried[j] = (carried[j] as number) - (gradient[j] as number);
      sent += bytes.byteLength;
      whole += 4 * length;
    });
    return whole === 0 ? 1 : sent / whole;
  }
}
