import { ValueError } from '../errors.js';
import { constant } from './constant.js';
import type { Graph } from './graph.js';
import type { OpDefinition } from './op.js';
import { checkShape, formatShape, isBatched } from './shape.js';
import { SymbolicTensor } from './symbolic-tensor.js';
import { Tensor } from './tensor.js';
import { Variable } from './variable.js';

type Operand = SymbolicTensor | Tensor | Variable | number;

/** Calls an op: on symbolic tensors and variables it adds a node; where an operand is concrete, it computes. */
export function applyOp(op: OpDefinition, args: readonly unknown[]): SymbolicTensor | Tensor {
  const last = args.at(-1);
  const attributes = isAttributes(last) ? last : {};
  const operands = (isAttributes(last) ? args.slice(0, -1) : args).filter((a) => a !== undefined);
  operands.forEach((operand, i) => checkOperand(op, operand, i));
  const concrete = operands.find((o) => o instanceof Tensor);
  if (concrete instanceof Tensor) {
    return concrete.runner.runOp(op, operands as (Tensor | Variable | number)[], attributes);
  }
  return addNode(op, (operands as (SymbolicTensor | Variable | number)[]).map(asSymbolic), attributes);
}

/** Adds a node whose inputs are symbolic already. */
export function addNode(op: OpDefinition, inputs: readonly SymbolicTensor[], given: object = {}): SymbolicTensor {
  const shapes = inputs.map((input) => input.shape);
  const attributes = op.rules.attributes ? op.rules.attributes(given, shapes) : given;
  const shape = checkShape(op.name, op.rules.shape(shapes, attributes));
  if (shapes.some(isBatched) && !isBatched(shape) && !op.rules.sumsOverBatch) {
    throw new ValueError(
      `${op.name}: from ${shapes.map(formatShape).join(' and ')} it makes ${formatShape(shape)}, mixing the examples ` +
        `of a batch in a way that parts of the batch cannot be added up to; keep the batch axis, or use a sum`,
      'BATCH_AXIS',
    );
  }
  return new SymbolicTensor({
    op,
    inputs,
    attributes,
    shape,
    dtype: op.rules.dtype ?? 'float32',
    graph: commonGraph(op, inputs),
  });
}

/** The same op on other inputs; attributes are not normalised again. */
export function rebuildNode(
  node: SymbolicTensor,
  inputs: readonly SymbolicTensor[],
  attributes: object = node.attributes,
): SymbolicTensor {
  const copy = new SymbolicTensor({
    op: node.op,
    inputs,
    attributes,
    shape: node.shape,
    dtype: node.dtype,
    graph: node.graph,
  });
  copy.scope = node.scope;
  return copy;
}

function asSymbolic(operand: SymbolicTensor | Variable | number): SymbolicTensor {
  if (operand instanceof SymbolicTensor) return operand;
  return operand instanceof Variable ? operand.node : constant(operand);
}

function commonGraph(op: OpDefinition, inputs: readonly SymbolicTensor[]): Graph | null {
  let graph: Graph | null = null;
  for (const input of inputs) {
    if (input.graph === null) continue;
    if (graph !== null && graph !== input.graph) {
      throw new ValueError(`${op.name}: its inputs belong to different engines; build a model in one engine`, 'GRAPH');
    }
    graph = input.graph;
  }
  return graph;
}

function isAttributes(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function checkOperand(op: OpDefinition, operand: unknown, index: number): asserts operand is Operand {
  const known =
    operand instanceof SymbolicTensor ||
    operand instanceof Tensor ||
    operand instanceof Variable ||
    typeof operand === 'number';
  if (!known) {
    throw new ValueError(
      `${op.name}: input ${index} must be a tensor, a variable or a number, got ${describe(operand)}`,
      'OPERAND',
    );
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;
}
