import { add, Layer, mul, reduceMean, reduceSum, type Shape, type SymbolicTensor, type Variable } from '@convoy/engine';

/** Passes images through, and keeps statistics of them in variables that no optimizer changes. */
export class Statistics extends Layer {
  /** Of each channel: 0.9 of what it was and 0.1 of the batch's mean. */
  declare means: Variable;
  /** Of all elements of the last batch. */
  declare total: Variable;
  declare steps: Variable;

  override build([, , , channels]: Shape): void {
    const kept = (name: string, shape: Shape): Variable =>
      this.addVariable(name, shape, { initializer: 'zeros', trainable: false });
    this.means = kept('means', [channels]);
    this.total = kept('total', []);
    this.steps = kept('steps', []);
  }

  call(x: SymbolicTensor): SymbolicTensor {
    const { means, total, steps } = this;
    const moved = add(mul(means, 0.9), mul(reduceMean(x, { axes: [1, 2] }), 0.1));
    this.addUpdate({ variable: means, value: moved, reduction: 'mean' }, [x]);
    this.addUpdate({ variable: total, value: reduceSum(x, { axes: [1, 2, 3] }), reduction: 'sum' }, [x]);
    this.addUpdate({ variable: steps, value: add(steps, 1) });
    return mul(x, 1);
  }
}
