import type { Prediction } from './predictions.js';
import type { Paint } from './paint.js';

/** `matrix[truth][predicted]` counts images. */
export function confusionMatrix(predictions: readonly Prediction[], classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (const { truth, predicted } of predictions) matrix[truth][predicted]++;
  return matrix;
}

/**
 * Rows are what an image is, columns what was predicted. A row ends with the number of images of its class, and how
 * many of them were found.
 */
export function formatConfusionMatrix(
  matrix: readonly (readonly number[])[],
  names: readonly string[],
  paint: Paint,
): string {
  const heads = names.map((name, label) => (name === String(label) ? name : `${label} ${name}`));
  const headWidth = Math.max(...heads.map((head) => head.length));
  const cellWidth =
    2 + Math.max(...matrix.flat().map((count) => String(count).length), String(names.length - 1).length);
  const cell = (count: number, isRight: boolean): string => {
    const text = (count === 0 ? '·' : String(count)).padStart(cellWidth);
    if (count === 0) return paint.faint(text);
    return isRight ? paint.good(text) : paint.bad(text);
  };
  const rows = matrix.map((counts, truth) => {
    const total = counts.reduce((a, b) => a + b, 0);
    const found = total === 0 ? '–' : `${((100 * counts[truth]) / total).toFixed(1)} %`;
    const cells = counts.map((count, predicted) => cell(count, truth === predicted)).join('');
    return `${heads[truth].padStart(headWidth)}${cells}  ${String(total).padStart(6)}  ${found.padStart(7)}`;
  });
  const labels = names.map((_, label) => String(label).padStart(cellWidth)).join('');
  return [
    'Confusion matrix (row: what it is, column: what was predicted)',
    `${' '.repeat(headWidth)}${labels}  ${'images'.padStart(6)}  ${'found'.padStart(7)}`,
    ...rows,
  ].join('\n');
}
