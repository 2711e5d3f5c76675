import type { KernelCall, Run, View } from '@convoy/engine/kernels';
import { columnSums } from '../reduction/column-sums.js';
import type { ReductionExports } from '../reduction/exports.js';
import type { Expressions } from './expressions.js';
import type { Finisher } from './finisher.js';

/** Goes on with examples [first, end) of a result. They come in order, and each of them once. */
export type BoundEpilogue = (first: number, end: number, run: Run) => void;

/** What a kernel goes on with in its result. */
export class Epilogues {
  readonly #expressions: Expressions;
  readonly #reductions: ReductionExports;
  readonly #finisher: Finisher;

  constructor(expressions: Expressions, reductions: ReductionExports, finisher: Finisher) {
    this.#expressions = expressions;
    this.#reductions = reductions;
    this.#finisher = finisher;
  }

  /** To be called before each run of a kernel whose function tells of each example that is complete. */
  duringRunsOf(call: KernelCall): (run: Run) => void {
    const bound = this.#bind(call);
    return (run) => this.#finisher.expect(bound, run);
  }

  /** To be called after each run of a kernel that does not. */
  afterRunsOf(call: KernelCall): (run: Run) => void {
    const bound = this.#bind(call);
    return (run) => bound?.(0, run.examples, run);
  }

  #bind({ epilogue, outputs }: KernelCall): BoundEpilogue | null {
    if (!epilogue) return null;
    const { expression, operands, sums } = epilogue;
    const [result] = outputs as [View];
    const inPlace = expression && this.#expressions.bind(expression, [result, ...operands], outputs);
    const addTo = sums && columnSums(this.#reductions, result, sums);
    return (first, end, run) => {
      inPlace?.compute(first * inPlace.turnsPerExample, end * inPlace.turnsPerExample, run);
      addTo?.(first, end, run.examples);
    };
  }
}
