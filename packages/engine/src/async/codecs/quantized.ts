import { defineCodec, type CodecFactory } from '../../define/codec.js';

/**
 * A byte for each element, and one scale for each tensor: v ≈ scale · q with q in −127 … 127, rounded to the nearest. A quarter of the
 * bytes. (Seide et al. 2014 with 8 bits instead of 1.)
 */
export const quantized: CodecFactory<object> = defineCodec('quantized', () => ({
  coder: new URL('./quantized-coder.js', import.meta.url),
}));
