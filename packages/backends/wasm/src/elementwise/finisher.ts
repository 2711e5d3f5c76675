import type { Run } from '@convoy/engine/kernels';
import type { BoundExpression } from './expressions.js';

/** Computes the epilogue of the running kernel on each example as soon as it is complete. One for each thread. */
export class Finisher {
  #epilogue: BoundExpression | null = null;
  #run: Run | null = null;

  /** Until the next call; null: nothing is to be done. */
  expect(epilogue: BoundExpression | null, run: Run): void {
    this.#epilogue = epilogue;
    this.#run = run;
  }

  /** What assembly/finished.ts imports. */
  readonly finished = (example: number): void => {
    const epilogue = this.#epilogue;
    if (epilogue === null || this.#run === null) return;
    const { turnsPerExample, compute } = epilogue;
    compute(example * turnsPerExample, (example + 1) * turnsPerExample, this.#run);
  };
}
