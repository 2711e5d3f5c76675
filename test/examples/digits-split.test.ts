/** Which of the 10,000 digits are tested on. */
import { createHash } from 'node:crypto';
import { loadDataSet, splitByContent, type LabelledImages } from '@convoy/examples/digits';
import { expect, test } from 'vitest';

const PIXELS = 28 * 28;
const { train, test: testSet, classes } = await loadDataSet(undefined);

/** The images as text that can be compared, in the order of the set. */
function imagesOf({ images, labels }: LabelledImages): string[] {
  return Array.from(labels, (label, row) => {
    const image = images.subarray(row * PIXELS, (row + 1) * PIXELS);
    return `${label} ${createHash('sha256').update(image).digest('hex')}`;
  });
}

function countsByClass({ labels }: LabelledImages): number[] {
  return classes.map((_, label) => labels.filter((other) => other === label).length);
}

test('8,000 and 2,000 images, and no image is in both or twice in one', () => {
  const [trained, tested] = [imagesOf(train), imagesOf(testSet)];
  expect([trained.length, tested.length]).toEqual([8000, 2000]);
  expect(new Set([...trained, ...tested]).size).toBe(10_000);
});

test('each class gives a fifth of its images to the test set, to the nearest image', () => {
  const [trained, tested] = [countsByClass(train), countsByClass(testSet)];
  classes.forEach((_, label) => {
    const all = trained[label] + tested[label];
    expect(all).toBeGreaterThan(800);
    expect(Math.abs(tested[label] - all / 5)).toBeLessThan(1);
  });
});

test('pixels use the whole range of a byte', () => {
  expect(train.images.reduce((a, b) => Math.min(a, b))).toBe(0);
  expect(train.images.reduce((a, b) => Math.max(a, b))).toBe(255);
  expect(new Set(train.images).size).toBe(256);
});

test('the test set is the same in every run', () => {
  const digest = createHash('sha256').update(imagesOf(testSet).toSorted().join()).digest('hex');
  expect(digest).toBe('19c06ae7ba78c93057938b2cb07b55f068e9ccdd1162d9cb063166bbc1539b04');
});

test('the test set is the same when the images come in another order', () => {
  const rows = Array.from(testSet.labels, (_, i) => testSet.labels.length - 1 - i);
  const reversed = {
    labels: testSet.labels.toReversed(),
    images: Uint8Array.from(rows.flatMap((row) => [...testSet.images.subarray(row * PIXELS, (row + 1) * PIXELS)])),
  };
  const chosen = (set: LabelledImages): string[] => {
    const names = imagesOf(set);
    return splitByContent(set, 700)
      .test.map((row) => names[row])
      .toSorted();
  };
  expect(chosen(testSet)).toHaveLength(700);
  expect(chosen(reversed)).toEqual(chosen(testSet));
});
