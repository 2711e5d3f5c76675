import { loadDataSet, type LabelledImages } from '@convoy/examples/digits';

/** What the worker must know before it asks for images. */
export interface About {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly classes: readonly string[];
}

let loaded: ReturnType<typeof loadDataSet> | null = null;

/** `about`, or `PART-images` and `PART-labels` with so many rows; null for another name. */
export async function digitsFile(name: string, rows: number): Promise<Uint8Array | About | null> {
  loaded ??= loadDataSet(undefined);
  const { train, test, ...about } = await loaded;
  switch (name) {
    case 'about':
      return about;
    case 'train-images':
    case 'train-labels':
      return pick(train, rows)[name === 'train-images' ? 'images' : 'labels'];
    case 'test-images':
    case 'test-labels':
      return pick(test, rows)[name === 'test-images' ? 'images' : 'labels'];
    default:
      return null;
  }
}

/** Rows from all of the data set, whose classes lie one after the other. */
function pick({ images, labels }: LabelledImages, rows: number): LabelledImages {
  const count = Math.max(1, Math.min(rows, labels.length));
  const pixels = images.length / labels.length;
  const from = Array.from({ length: count }, (_, i) => Math.floor((i * labels.length) / count));
  const picked = new Uint8Array(count * pixels);
  from.forEach((row, i) => picked.set(images.subarray(row * pixels, (row + 1) * pixels), i * pixels));
  return { images: picked, labels: Uint8Array.from(from, (row) => labels[row]) };
}
