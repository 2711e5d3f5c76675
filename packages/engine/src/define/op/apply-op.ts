import { inPlace, ValueError } from '../../errors.js';
import { callRule } from './author-rule.js';
import { constant } from './constant.js';
import { describeValue } from '../plugin/describe-value.js';
import { argumentCount } from './expression.js';
import type { Graph } from './graph.js';
import { checkFacts } from './op-facts.js';
import type { OpDefinition } from './op.js';
import { checkKeys } from '../plugin/options.js';
import { firstForeign, isJsonLeaf, isPlainObject } from '../plugin/plain-data.js';
import { checkShape, formatShape, isBatched, type Shape, type DType } from './shape.js';
import { SymbolicTensor } from './symbolic-tensor.js';
import { checkCount } from './takes.js';
import { Tensor } from './tensor.js';
import { Variable } from '../variable/variable.js';

type Operand = SymbolicTensor | Tensor | Variable | number;

/** Calls an op: on symbolic tensors and variables it adds a node; where an operand is concrete, it computes. */
export function applyOp(op: OpDefinition, args: readonly unknown[]): SymbolicTensor | Tensor {
  const last = args.at(-1);
  const attributes = isPlainObject(last) ? last : {};
  const operands = (isPlainObject(last) ? args.slice(0, -1) : args).filter((a) => a !== undefined);
  operands.forEach((operand, i) => checkOperand(op, operand, i));
  const concrete = operands.find((o) => o instanceof Tensor);
  if (!(concrete instanceof Tensor)) {
    return addNode(op, (operands as (SymbolicTensor | Variable | number)[]).map(asSymbolic), attributes);
  }
  if (operands.some((o) => o instanceof SymbolicTensor)) {
    throw new ValueError(
      `${op.name}: its inputs are symbolic and concrete tensors; give symbolic ones, to make a graph, or concrete ones, ` +
        `to compute at once`,
      'OPERAND',
    );
  }
  return concrete.runner.runOp(op, operands as (Tensor | Variable | number)[], attributes);
}

/** Adds a node whose inputs are symbolic already. */
export function addNode(op: OpDefinition, inputs: readonly SymbolicTensor[], given: object = {}): SymbolicTensor {
  const shapes = inputs.map((input) => input.shape);
  const place = shapes.length === 0 ? op.name : `${op.name} on ${shapes.map(formatShape).join(' and ')}`;
  const { attributes, shape } = inPlace(place, () => ruleResults(op, place, shapes, given));
  return new SymbolicTensor({
    op,
    inputs,
    attributes,
    shape,
    dtype: dtypeOf(op, inputs),
    graph: commonGraph(op, inputs),
  });
}

/** What the op's rules say of inputs of these shapes, checked. */
function ruleResults(op: OpDefinition, place: string, shapes: readonly Shape[], given: object) {
  const { rules } = op;
  const wanted = rules.elementwise && argumentCount(rules.elementwise);
  if (wanted !== undefined) checkCount(shapes, wanted);
  if (rules.elementwise && !rules.attributes) checkKeys(given, []);
  const attributes = callRule(place, 'attributes', () => (rules.attributes ? rules.attributes(given, shapes) : given));
  const foreign = isPlainObject(attributes)
    ? firstForeign('attributes', attributes, isJsonLeaf)
    : { path: 'attributes', value: attributes };
  if (foreign) {
    throw new ValueError(
      `${foreign.path} must be plain data (numbers, strings, lists, plain objects), got ${describeValue(foreign.value)}`,
      'ATTRIBUTES',
    );
  }
  const shape = checkShape(callRule(place, 'shape', () => rules.shape(shapes, attributes)));
  checkFacts(rules, shapes, shape);
  if (shapes.some(isBatched) && !isBatched(shape) && !rules.sumsOverBatch) {
    throw new ValueError(
      `it makes ${formatShape(shape)}, mixing the examples of a batch in a way that parts of the batch cannot be added ` +
        `up to; keep the batch axis, or use a sum`,
      'BATCH_AXIS',
    );
  }
  return { attributes, shape };
}

/** What passes values on, a view or an identity, passes their kind on; all else makes float32 unless its rules say so. */
function dtypeOf({ rules }: OpDefinition, inputs: readonly SymbolicTensor[]): DType {
  const passesOn = rules.view === true || rules.elementwise === 'identity';
  return rules.dtype ?? (passesOn ? inputs[0]?.dtype : null) ?? 'float32';
}

/** The same op on other inputs of the same shapes; attributes are not normalised again. */
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
    dtype: dtypeOf(node.op, inputs),
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

function checkOperand(op: OpDefinition, operand: unknown, index: number): asserts operand is Operand {
  const known =
    operand instanceof SymbolicTensor ||
    operand instanceof Tensor ||
    operand instanceof Variable ||
    typeof operand === 'number';
  if (!known) {
    throw new ValueError(
      `${op.name}: input ${index} must be a tensor, a variable or a number, got ${describeValue(operand)}`,
      'OPERAND',
    );
  }
}
