import type { Run } from '@convoy/engine/kernels';
import type { BoundEpilogue } from './epilogues.js';

/** Computes the epilogue of the running kernel on each example as soon as it is complete. One for each thread. */
export class Finisher {
  #epilogue: BoundEpilogue | null = null;
  #run: Run | null = null;

  /** Until the next call; null: nothing is to be done. */
  expect(epilogue: BoundEpilogue | null, run: Run): void {
    this.#epilogue = epilogue;
    this.#run = run;
  }

  /** What assembly/finished.ts imports. */
  readonly finished = (example: number): void => {
    if (this.#run !== null) this.#epilogue?.(example, example + 1, this.#run);
  };
}
