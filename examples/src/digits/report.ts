import { confusionMatrix, formatConfusionMatrix } from './confusion-matrix.js';
import type { DataSet } from './data-set.js';
import { drawImage } from './draw-image.js';
import type { Paint } from './paint.js';
import { accuracyOf, mostInteresting, type Prediction } from './predictions.js';
import { sideBySide } from './side-by-side.js';

const IMAGES_SHOWN = 6;

export function describeData({ name, height, width, classes, train, test }: DataSet): string {
  const [trainCount, testCount] = [train, test].map(({ labels }) => labels.length.toLocaleString('en-US'));
  const form = `${height}×${width}, ${classes.length} classes`;
  return `Data: ${name}, ${trainCount} to train on and ${testCount} to test on, ${form}`;
}

/** What a trained model makes of the test set: accuracy, confusion matrix, and some images with their predictions. */
export function report(predictions: readonly Prediction[], data: DataSet, columns: number, paint: Paint): string {
  const { classes } = data;
  return [
    `Test accuracy: ${(100 * accuracyOf(predictions)).toFixed(1)} %`,
    formatConfusionMatrix(confusionMatrix(predictions, classes.length), classes, paint),
    gallery(predictions, data, columns, paint),
  ].join('\n\n');
}

function gallery(predictions: readonly Prediction[], data: DataSet, columns: number, paint: Paint): string {
  const { height, width, classes, test } = data;
  const blocks = mostInteresting(predictions, IMAGES_SHOWN).map(({ row, truth, predicted }) => {
    const image = test.images.subarray(row * height * width, (row + 1) * height * width);
    const caption = `predicted ${classes[predicted]}, is ${classes[truth]}`;
    return [...drawImage(image, width, paint.colours), truth === predicted ? paint.good(caption) : paint.bad(caption)];
  });
  return `Test images: mistakes first, then what was right by a narrow margin\n\n${sideBySide(blocks, columns)}`;
}
