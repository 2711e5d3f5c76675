import { ValueError } from '../../errors.js';
import type { Graph } from './graph.js';
import type { OpDefinition } from './op.js';
import { checkName } from '../plugin/plugin.js';
import type { DType, Shape } from './shape.js';
import { SymbolicTensor } from './symbolic-tensor.js';

const placeholderOp: OpDefinition = {
  kind: 'op',
  name: 'placeholder',
  rules: { shape: () => [], leaf: true },
  home: null,
};

/** A field of the batch: images, labels. Shape with `null` first when it has a row for each example. */
export function placeholder(name: string, shape: Shape, dtype: DType, graph: Graph | null): SymbolicTensor {
  return new SymbolicTensor({ op: placeholderOp, inputs: [], attributes: { name }, shape, dtype, graph });
}

/** @throws ValueError for what cannot be the name of an input */
export function checkInputName(name: string): void {
  checkName('input', name);
  if (/^y\d*$/.test(name))
    throw new ValueError(`input: the name '${name}' is kept for targets; choose another`, 'NAME');
}

/** The name that a placeholder was given. */
export function placeholderName(node: SymbolicTensor): string {
  return (node.attributes as { name: string }).name;
}

export function isPlaceholder(node: SymbolicTensor): boolean {
  return node.op === placeholderOp;
}
