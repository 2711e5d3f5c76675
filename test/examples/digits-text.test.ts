/** What the digits example prints, as text. */
import { stripVTControlCharacters } from 'node:util';
import {
  accuracyOf,
  confusionMatrix,
  drawImage,
  formatConfusionMatrix,
  mostInteresting,
  paintWith,
  predictionsOf,
  progressLine,
  progressOf,
  sideBySide,
  type Prediction,
  type Progress,
} from '@convoy/examples/digits';
import type { FitEvent } from '@convoy/engine';
import { describe, expect, test } from 'vitest';

const plain = paintWith(false);
const coloured = paintWith(true);

const prediction = (row: number, truth: number, predicted: number, truthProbability: number): Prediction => ({
  row,
  truth,
  predicted,
  truthProbability,
});

describe('predictions', () => {
  test('are the class of the largest logit, with the softmax of the true one', () => {
    const [first, second] = predictionsOf([0, Math.log(3), 1000, 0], Uint8Array.of(0, 0));
    expect(first).toMatchObject({ row: 0, truth: 0, predicted: 1 });
    expect(first.truthProbability).toBeCloseTo(0.25, 12);
    expect(second).toEqual(prediction(1, 0, 0, 1));
  });

  const some = [
    prediction(0, 1, 1, 0.9),
    prediction(1, 1, 2, 0.3),
    prediction(2, 2, 2, 0.6),
    prediction(3, 3, 1, 0.01),
    prediction(4, 0, 0, 0.99),
  ];
  const rows = (shown: readonly Prediction[]): number[] => shown.map(({ row }) => row);

  test('to look at begin with the worst mistakes, then come the narrowest successes', () => {
    expect(rows(mostInteresting(some, 4))).toEqual([3, 1, 2, 0]);
  });

  test('to look at are filled up with the one kind when there are few of the other', () => {
    expect(rows(mostInteresting(some, 5))).toEqual([3, 1, 2, 0, 4]);
    expect(rows(mostInteresting(some.slice(0, 2), 6))).toEqual([1, 0]);
    expect(
      rows(
        mostInteresting(
          some.filter(({ row }) => row === 1 || row === 3),
          6,
        ),
      ),
    ).toEqual([3, 1]);
  });

  test('give the accuracy as the share of right ones', () => expect(accuracyOf(some)).toBe(0.6));
});

describe('the confusion matrix', () => {
  const predictions = [...Array<number>(12).fill(0), 1].map((predicted, row) => prediction(row, 0, predicted, 1));
  const matrix = confusionMatrix([...predictions, prediction(13, 1, 0, 0), prediction(14, 1, 1, 1)], 3);

  test('counts in rows of the true class and columns of the predicted one', () => {
    expect(matrix).toEqual([
      [12, 1, 0],
      [1, 1, 0],
      [0, 0, 0],
    ]);
  });

  test('is aligned, and ends its rows with the images and the share found', () => {
    expect(formatConfusionMatrix(matrix, ['0', '1', '2'], plain)).toBe(
      [
        'Confusion matrix (row: what it is, column: what was predicted)',
        '    0   1   2  images    found',
        '0  12   1   ·      13   92.3 %',
        '1   1   1   ·       2   50.0 %',
        '2   ·   ·   ·       0        –',
      ].join('\n'),
    );
  });

  test('has the names of classes in its rows and their numbers in both', () => {
    const [, head, first, second] = formatConfusionMatrix(matrix, ['Bag', 'Coat', 'Shirt'], plain).split('\n');
    expect(head).toMatch(/^ {7} {3}0 {3}1 {3}2 {2}images/);
    expect(first).toMatch(/^ {2}0 Bag {2}12 {3}1 /);
    expect(second).toMatch(/^ 1 Coat {3}1 {3}1 /);
  });

  test('is the same text in colours', () => {
    const text = formatConfusionMatrix(matrix, ['0', '1', '2'], coloured);
    expect(text).toContain('\u001B[32m  12\u001B[39m\u001B[31m   1\u001B[39m');
    expect(stripVTControlCharacters(text)).toBe(formatConfusionMatrix(matrix, ['0', '1', '2'], plain));
  });
});

describe('an image', () => {
  test('is drawn with two pixels a character, in shades where there are no colours', () => {
    const above = [0, 255, 0, 255, 64, 128];
    const below = [0, 255, 255, 0, 64, 128];
    const image = Uint8Array.from([...above, ...below, ...below, ...above]);
    expect(drawImage(image, 6, false)).toEqual([' █▄▀░▒', ' █▀▄░▒']);
  });

  test('of an odd height ends in half a line', () => {
    expect(drawImage(Uint8Array.of(255, 0, 255, 255, 255, 0), 2, false)).toEqual(['█▄', '▀ ']);
  });

  test('is drawn in greys where there are colours, the brighter half in front', () => {
    expect(drawImage(Uint8Array.of(255, 0, 0, 128), 2, true)).toEqual([
      '\u001B[38;5;255;48;5;232m▀\u001B[38;5;244;48;5;232m▄\u001B[0m',
    ]);
  });
});

describe('blocks stand side by side', () => {
  const blocks = [['aa', 'a'], ['\u001B[31mbbb\u001B[39m'], ['c']];

  test('as many as fit, each as wide as the widest, colours not counted', () => {
    expect(stripVTControlCharacters(sideBySide(blocks, 9))).toBe(['aa    bbb', 'a', '', 'c'].join('\n'));
    expect(stripVTControlCharacters(sideBySide(blocks, 15))).toBe(['aa    bbb   c', 'a'].join('\n'));
  });

  test('one a row when not even one fits', () => {
    expect(stripVTControlCharacters(sideBySide(blocks, 1))).toBe(['aa', 'a', '', 'bbb', '', 'c'].join('\n'));
  });
});

describe('the progress', () => {
  const step = (epoch: number, index: number, examples: number, loss: number, accuracy: number): FitEvent => ({
    type: 'step',
    epoch,
    step: index,
    examples,
    logs: { loss, accuracy },
    examplesPerSecond: 20,
  });
  const events: readonly FitEvent[] = [
    { type: 'begin', epochs: 2, stepsPerEpoch: 2, workers: 3, shards: 4 },
    { type: 'epochBegin', epoch: 0 },
    step(0, 0, 30, 2, 0.5),
    step(0, 1, 10, 6, 1),
    { type: 'epochEnd', epoch: 0, logs: { loss: 3, accuracy: 0.625 }, seconds: 2 },
    { type: 'epochBegin', epoch: 1 },
    step(1, 0, 30, 1, 0.75),
  ];

  async function progresses(): Promise<Progress[]> {
    const all: Progress[] = [];
    async function* stream(): AsyncGenerator<FitEvent> {
      yield* events;
    }
    for await (const progress of progressOf(stream(), 40)) all.push(progress);
    return all;
  }

  test('has the means of the epoch so far, by examples, and the time to the end of the last epoch', async () => {
    const common = { epochs: 2, examplesPerSecond: 20, workers: 3 };
    expect(await progresses()).toEqual([
      { ...common, epoch: 1, share: 0.75, over: false, loss: 2, accuracy: 0.5, secondsLeft: 2.5 },
      { ...common, epoch: 1, share: 1, over: false, loss: 3, accuracy: 0.625, secondsLeft: 2 },
      { ...common, epoch: 1, share: 1, over: true, loss: 3, accuracy: 0.625, secondsLeft: 2 },
      { ...common, epoch: 2, share: 0.75, over: false, loss: 1, accuracy: 0.75, secondsLeft: 0.5 },
    ]);
  });

  const progress: Progress = {
    epoch: 2,
    epochs: 10,
    share: 0.5,
    over: false,
    loss: 0.1234,
    accuracy: 0.9876,
    examplesPerSecond: 1234.5,
    secondsLeft: 75.2,
    workers: 2,
  };

  test('is a line of numbers where no line can be redrawn', () => {
    expect(progressLine(progress, null)).toBe(
      'Epoch  2/10  loss 0.123  accuracy  98.8 %  1,235 examples/s  ETA  1:16  2 workers',
    );
  });

  test.each([80, 100, 140])('has a bar, half full, and fits into %i columns', (columns) => {
    const line = progressLine(progress, columns);
    const [, full, empty] = /^Epoch {2}2\/10 (█+)(░+) +loss 0\.123 .* 2 workers$/.exec(line) ?? [];
    expect(full.length).toBe(Math.floor((full.length + empty.length) / 2));
    // A redraw clears from the cursor on, which stands on the last character of a full line.
    expect(line.length).toBeLessThan(columns);
  });

  test('does without a bar where numbers fill the line', () => {
    expect(progressLine(progress, 60)).toMatch(/^Epoch {2}2\/10 {2}loss/);
  });
});
