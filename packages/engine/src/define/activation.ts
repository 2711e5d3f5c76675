import type { Part } from './plugin/plugin.js';
import type { SymbolicTensor } from './op/symbolic-tensor.js';

/** An op of one input, or any function of one symbolic tensor written in ops; a bare function cannot be saved. */
export type Activation = ((x: SymbolicTensor) => SymbolicTensor) | (((x: SymbolicTensor) => SymbolicTensor) & Part);
