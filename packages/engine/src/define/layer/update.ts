import type { SymbolicTensor } from '../op/symbolic-tensor.js';
import type { Variable } from '../variable/variable.js';

/** A next value of a variable that no optimizer gives it: a running statistic, a counter. Done once per step. */
export interface Update {
  readonly variable: Variable;
  /** Shape of the variable; or with a batch axis before it, which `reduction` then takes away. */
  readonly value: SymbolicTensor;
  /** How a value for each example becomes one: the sum over the batch, or its mean. */
  readonly reduction?: 'mean' | 'sum';
}
