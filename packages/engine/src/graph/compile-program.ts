import { describeValue } from '../define/plugin/describe-value.js';
import type { Kernel, PlannedCall, View } from '../define/op/kernel.js';
import { toJson, numberToJson } from '../define/plugin/json-data.js';
import { elementsPerRow, isBatched } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Variable } from '../define/variable/variable.js';
import { callsOf } from './calls.js';
import { Domains, isLeaf, viewedValue } from './domains.js';
import { askKernel } from './kernel-failure.js';
import { lower, type KernelNames } from './lower.js';
import { phasesOf } from './phases.js';
import { placeValues } from './place-values.js';
import { aligned, type Field, type Program, type Value } from './program.js';
import { share } from './share.js';
import { splitOperands } from './split-operands.js';
import { store } from './store.js';
import { withEpilogues } from './epilogues.js';
import { withSums } from './sums-of-results.js';
import { wholeSumsOf } from './whole-sums.js';
import { topological } from '../define/op/dependence.js';
import { isPlaceholder, placeholderName } from '../define/op/placeholder.js';

export interface KernelSet extends KernelNames {
  kernel(name: string): Kernel;
}

export interface ProgramSource {
  readonly name: string;
  readonly batchSize: number;
  readonly shardSize: number;
  readonly shards: number;
  /** Fields of a batch in their order, used or not; further ones that are used follow. */
  readonly placeholders?: readonly SymbolicTensor[];
  /** Values with a row for each example, handed back to the caller. */
  readonly outputs?: readonly { readonly name: string; readonly node: SymbolicTensor }[];
  /** Scalars: sums over the batch. */
  readonly results?: readonly { readonly name: string; readonly node: SymbolicTensor }[];
  /** Next values of variables. */
  readonly updates?: readonly { readonly variable: Variable; readonly node: SymbolicTensor }[];
}

/** Lowers, shares, fuses, cuts into phases and places: from a graph to a program. */
export function compileProgram(source: ProgramSource, kernels: KernelSet): Program {
  const { outputs = [], results = [], updates = [] } = source;
  const asked = [...outputs, ...results, ...updates].map(({ node }) => node);
  const lowered = share(lower(asked, kernels)).map((node, i) => {
    const mustStore = i < outputs.length || i >= outputs.length + results.length || isLeaf(viewedValue(node));
    return mustStore ? store(node) : node;
  });
  const outputNodes = lowered.slice(0, outputs.length);
  const resultNodes = lowered.slice(outputs.length, outputs.length + results.length);
  const updateNodes = lowered.slice(outputs.length + results.length);

  const order = topological(lowered);
  const variables = [...new Set([...order.flatMap((n) => n.variable ?? []), ...updates.map((u) => u.variable)])];
  const placeholders = [...new Set([...(source.placeholders ?? []), ...order.filter(isPlaceholder)])];
  const fieldNodes = [...placeholders, ...outputNodes];
  const fieldNames = [...placeholders.map(placeholderName), ...outputs.map((o) => o.name)];
  const fields = layOutFields(fieldNodes, fieldNames, source.batchSize);

  const domains = new Domains(wholeSumsOf(order, source, kernels));
  const calls = withSums(withEpilogues(callsOf(lowered, domains), lowered, kernels), kernels);
  const partials = new Set(calls.flatMap((call) => call.outputs.filter((node) => domains.isPartial(node))));
  const placed = placeValues(calls, {
    fields: new Map(fieldNodes.map((node, i) => [node, (fields.list[i] as Field).offset])),
    updates: new Map(updateNodes.map((node, i) => [node, (updates[i] as { variable: Variable }).variable])),
    variables,
    slabOrder: slabOrder(partials, resultNodes),
    domains,
    shardSize: source.shardSize,
    shards: source.shards,
  });
  const programCalls = calls.map((call, index) => {
    const [inputs, placedOutputs] = [call.inputs.map(placed.indexOf), call.outputs.map(placed.indexOf)];
    const { kernel: name, scope, isWholeSum, epilogue } = call;
    const room = isWholeSum ? source.batchSize : source.shardSize;
    const shaped = (i: number): View => emptyView(placed.values[i] as Value, room);
    const kernel = kernels.kernel(name);
    const operands = splitOperands(inputs.map(shaped), placedOutputs.map(shaped), epilogue);
    const choices = askKernel({ calls }, index, 'while it chooses how to compute', () =>
      choicesOf(kernel, { ...operands, attributes: call.attributes }),
    );
    const attributes = { ...choices, ...call.attributes };
    const scratch = askKernel({ calls }, index, 'while it says how much scratch it needs', () =>
      scratchOf(kernel, { ...operands, attributes }),
    );
    return {
      kernel: name,
      inputs,
      outputs: placedOutputs,
      attributes: toJson(call.attributes) as object,
      choices: toJson(choices) as object,
      scope,
      scratch,
      isWholeSum,
      epilogue: epilogue && { ...epilogue, expression: toJson(epilogue.expression) as object | null },
    };
  });
  const written = new Set(updates.map(({ variable }) => variable));
  return {
    name: source.name,
    backend: kernels.backend,
    batchSize: source.batchSize,
    shardSize: source.shardSize,
    shards: source.shards,
    phases: phasesOf(calls),
    calls: programCalls,
    results: results.map(({ name }, i) => ({ name, value: placed.indexOf(resultNodes[i] as SymbolicTensor) })),
    values: placed.values,
    variables: variables.map((v) => ({ name: v.name, shape: v.shape, written: written.has(v) })),
    inputs: fields.list.slice(0, placeholders.length),
    outputs: fields.list.slice(placeholders.length),
    constants: placed.constants.map((constant) => ({ ...constant, values: constant.values.map(numberToJson) })),
    bytes: {
      ...placed.bytes,
      batch: fields.bytes,
      scratch: aligned(4 * programCalls.reduce((most, call) => Math.max(most, call.scratch), 0)),
    },
  };
}

/** Gradients in reverse forward order, as backpropagation makes them; then the results. */
function slabOrder(partials: ReadonlySet<SymbolicTensor>, results: readonly SymbolicTensor[]): SymbolicTensor[] {
  const scalars = results.map(viewedValue).filter((node) => partials.has(node));
  return [...[...partials].filter((node) => !scalars.includes(node)), ...new Set(scalars)];
}

function layOutFields(nodes: readonly SymbolicTensor[], names: readonly string[], batchSize: number) {
  const list: Field[] = [];
  let bytes = 0;
  nodes.forEach((node, i) => {
    const shape = (isBatched(node.shape) ? node.shape.slice(1) : node.shape) as number[];
    list.push({ name: names[i] as string, offset: bytes, shape, dtype: node.dtype });
    bytes += aligned(4 * (isBatched(node.shape) ? batchSize : 1) * elementsPerRow(node.shape));
  });
  return { list, bytes };
}

function choicesOf(kernel: Kernel, call: PlannedCall): object {
  const chosen: unknown = kernel.choose?.(call) ?? {};
  if (typeof chosen === 'object' && chosen !== null) return chosen;
  throw new TypeError(`choose must return attributes, got ${describeValue(chosen)}`);
}

/** Elements of scratch. */
function scratchOf(kernel: Kernel, call: PlannedCall): number {
  const elements = kernel.scratch?.(call) ?? 0;
  if (Number.isInteger(elements) && elements >= 0) return elements;
  throw new TypeError(`scratch must return a number of elements, got ${describeValue(elements)}`);
}

function emptyView(value: Value, room: number): View {
  return {
    data: new Float32Array(0),
    shape: value.shape.map((d) => d ?? room),
    batched: isBatched(value.shape),
  };
}
