import { defineCodec, type CodecFactory } from '../../define/codec.js';
import { checkNumber } from '../../define/plugin/options.js';

/** Options of `topK`. */
export interface TopKOptions {
  /** Part of a tensor's elements that travels, at least one; in (0, 1]. Default: 0.01. */
  fraction?: number;
}

/**
 * The elements that are largest by absolute value, exactly, with their places; the rest waits for the next gradient (Aji and Heafield 2017;
 * Stich, Cordonnier and Jaggi 2018).
 */
export const topK: CodecFactory<TopKOptions> = defineCodec<TopKOptions>(
  'topK',
  ({ fraction = 0.01 }) => {
    checkNumber('fraction', fraction, 'a number in (0, 1]');
    return { coder: new URL('./top-k-coder.js', import.meta.url), options: { fraction } };
  },
  ['fraction'],
);
