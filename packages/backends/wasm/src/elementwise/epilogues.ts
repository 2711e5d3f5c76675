import type { KernelCall, Run, View } from '@convoy/engine/kernels';
import type { BoundExpression, Expressions } from './expressions.js';
import type { Finisher } from './finisher.js';

/** What follows a kernel elementwise, done in its result. */
export class Epilogues {
  readonly #expressions: Expressions;
  readonly #finisher: Finisher;

  constructor(expressions: Expressions, finisher: Finisher) {
    this.#expressions = expressions;
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
    if (bound === null) return () => {};
    return (run) => bound.compute(0, run.examples * bound.turnsPerExample, run);
  }

  #bind({ epilogue, outputs }: KernelCall): BoundExpression | null {
    if (!epilogue) return null;
    const [result] = outputs as [View];
    return this.#expressions.bind(epilogue.expression, [result, ...epilogue.operands], outputs);
  }
}
