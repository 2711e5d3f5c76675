/** What a model says of each image: the class, and how probable the true class is to it. */
export interface Prediction {
  /** Row of the image. */
  readonly row: number;
  readonly truth: number;
  readonly predicted: number;
  /** Softmax of the logits at the true class. */
  readonly truthProbability: number;
}

/** @param logits [examples, classes] in C order */
export function predictionsOf(logits: ArrayLike<number>, labels: Uint8Array): Prediction[] {
  const classes = logits.length / labels.length;
  return Array.from(labels, (truth, row) => {
    const mine = Array.from({ length: classes }, (_, label) => logits[row * classes + label]);
    const largest = Math.max(...mine);
    const sum = mine.reduce((total, logit) => total + Math.exp(logit - largest), 0);
    return {
      row,
      truth,
      predicted: mine.indexOf(largest),
      truthProbability: Math.exp(mine[truth] - largest) / sum,
    };
  });
}

export function accuracyOf(predictions: readonly Prediction[]): number {
  return predictions.filter(({ truth, predicted }) => truth === predicted).length / predictions.length;
}

/**
 * Some to look at: first mistakes, those made with most confidence, then what is right by the narrowest margin. Half of
 * each where there are enough.
 */
export function mostInteresting(predictions: readonly Prediction[], count: number): Prediction[] {
  const sorted = predictions.toSorted((a, b) => a.truthProbability - b.truthProbability);
  const wrong = sorted.filter(({ truth, predicted }) => truth !== predicted);
  const right = sorted.filter(({ truth, predicted }) => truth === predicted);
  const rightShown = Math.min(right.length, Math.max(Math.floor(count / 2), count - wrong.length));
  return [...wrong.slice(0, count - rightShown), ...right.slice(0, rightShown)];
}
