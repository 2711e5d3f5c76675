/** Images in either data format: shapes and values moved from one to the other. */
import type { DataFormat } from '@convoy/engine';

export interface Image {
  readonly shape: readonly number[];
  /** In C order. */
  readonly values: readonly number[];
}

export function otherFormat(format: DataFormat): DataFormat {
  return format === 'channelsLast' ? 'channelsFirst' : 'channelsLast';
}

/** [N, H, W, C] to [N, C, H, W], or back. */
export function moveChannels({ shape, values }: Image, from: DataFormat): Image {
  const [n, a, b, c] = shape;
  if (from === 'channelsLast') {
    const moved = { shape: [n, c, a, b], values: Array<number>(values.length) };
    values.forEach((value, i) => {
      const channel = i % c;
      const pixel = Math.floor(i / c) % (a * b);
      const example = Math.floor(i / (a * b * c));
      moved.values[(example * c + channel) * a * b + pixel] = value;
    });
    return moved;
  }
  const moved = { shape: [n, b, c, a], values: Array<number>(values.length) };
  values.forEach((value, i) => {
    const pixel = i % (b * c);
    const channel = Math.floor(i / (b * c)) % a;
    const example = Math.floor(i / (a * b * c));
    moved.values[(example * b * c + pixel) * a + channel] = value;
  });
  return moved;
}
