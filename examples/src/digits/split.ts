import { createHash } from 'node:crypto';
import type { LabelledImages } from './data-set.js';

/** Another seed makes another split. No seed of a training comes near it: test images stay test images. */
const SPLIT_SEED = 'digits 1';

export interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/**
 * Rows of the training and of the test set; each class has the same share of both. Which image goes where follows from
 * its bytes alone: in each class, those with the smallest hashes are tested on, whatever the order they come in.
 */
export function splitByContent({ images, labels }: LabelledImages, testCount: number): Split {
  const pixels = images.length / labels.length;
  const classes: { row: number; hash: string }[][] = [];
  labels.forEach((label, row) => {
    const image = images.subarray(row * pixels, (row + 1) * pixels);
    const hash = createHash('sha256').update(SPLIT_SEED).update(image).digest('hex');
    (classes[label] ??= []).push({ row, hash });
  });
  const counts = proportional(
    classes.map((members) => members.length),
    testCount,
  );
  const train: number[] = [];
  const test: number[] = [];
  classes.forEach((members, label) => {
    const rows = members.toSorted((a, b) => (a.hash < b.hash ? -1 : 1)).map(({ row }) => row);
    test.push(...rows.slice(0, counts[label]));
    train.push(...rows.slice(counts[label]));
  });
  return { train, test };
}

/** `total` in proportion to the sizes, in whole numbers: the largest remainders are rounded up. */
function proportional(sizes: readonly number[], total: number): number[] {
  const all = sizes.reduce((a, b) => a + b, 0);
  const exact = sizes.map((size) => (size * total) / all);
  const counts = exact.map(Math.floor);
  const left = total - counts.reduce((a, b) => a + b, 0);
  const byRemainder = sizes.map((_, i) => i).toSorted((a, b) => (exact[b] % 1) - (exact[a] % 1));
  for (const i of byRemainder.slice(0, left)) counts[i]++;
  return counts;
}
