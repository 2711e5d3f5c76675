import type { DataFormat } from '@convoy/engine';
import type { Operand } from '../device-kernel.js';

/** Height, width and channels of an image tensor, and the distance between neighbours along each axis, as `NAME_height`, `NAME_n` and so on. */
export function imageNumbers<N extends string>(name: N, { shape }: Operand, dataFormat: DataFormat) {
  const [, a = 0, b = 0, c = 0] = shape;
  const last = dataFormat === 'channelsLast';
  const [height, width, channels] = last ? [a, b, c] : [b, c, a];
  const numbers = {
    height,
    width,
    channels,
    n: a * b * c,
    h: last ? b * c : c,
    w: last ? c : 1,
    c: last ? 1 : b * c,
  };
  return Object.fromEntries(Object.entries(numbers).map(([key, value]) => [`${name}_${key}`, value])) as Record<
    `${N}_${keyof typeof numbers}`,
    number
  >;
}
