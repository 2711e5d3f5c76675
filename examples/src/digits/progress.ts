import type { FitEvent } from '@convoy/engine';

/** How far a training is. */
export interface Progress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Of the epoch: how much is done, and whether it is over. */
  readonly share: number;
  readonly over: boolean;
  /** Means over the epoch so far. */
  readonly loss: number;
  readonly accuracy: number;
  readonly examplesPerSecond: number;
  /** To the end of the last epoch, at this rate. */
  readonly secondsLeft: number;
  readonly workers: number;
}

/** The progress after each step and each epoch of a `fit` over that many examples. */
export async function* progressOf(events: AsyncIterable<FitEvent>, examples: number): AsyncGenerator<Progress> {
  let [epochs, workers] = [0, 0];
  let sums = { examples: 0, loss: 0, accuracy: 0 };
  let latest: Progress | null = null;
  for await (const event of events) {
    if (event.type === 'begin') ({ epochs, workers } = event);
    if (event.type === 'epochBegin') sums = { examples: 0, loss: 0, accuracy: 0 };
    if (event.type === 'step') {
      sums.examples += event.examples;
      sums.loss += event.examples * event.logs['loss'];
      sums.accuracy += event.examples * event.logs['accuracy'];
      const left = (epochs - event.epoch) * examples - sums.examples;
      latest = {
        epoch: event.epoch + 1,
        epochs,
        share: sums.examples / examples,
        over: false,
        loss: sums.loss / sums.examples,
        accuracy: sums.accuracy / sums.examples,
        examplesPerSecond: event.examplesPerSecond,
        secondsLeft: left / event.examplesPerSecond,
        workers,
      };
      yield latest;
    }
    if (event.type === 'epochEnd' && latest) {
      yield { ...latest, share: 1, over: true, loss: event.logs['loss'], accuracy: event.logs['accuracy'] };
    }
  }
}
