/** Gives every value of a program its slot: a part, and an offset that lives no longer than the value does. */
import { elementsPerRow, isBatched, sizeOf } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { literalValues } from '../define/op/constant.js';
import type { Variable } from '../define/variable/variable.js';
import type { GraphCall } from './calls.js';
import { uniformValue, viewedValue, type Domains } from './domains.js';
import { aligned, type Part, type Value } from './program.js';
import { packLifetimes } from './pack-lifetimes.js';

interface Outside {
  /** Fields that go in and out, by node. */
  readonly fields: ReadonlyMap<SymbolicTensor, number>;
  /** The node of each variable's next value. */
  readonly updates: ReadonlyMap<SymbolicTensor, Variable>;
  readonly variables: readonly Variable[];
  /** Partials in the order that they have in the slab. */
  readonly slabOrder: readonly SymbolicTensor[];
  readonly domains: Domains;
  readonly shardSize: number;
  readonly shards: number;
}

export interface Placed {
  readonly values: Value[];
  /** Index of a node's value; views have values of their own on the same memory. */
  readonly indexOf: (node: SymbolicTensor) => number;
  readonly constants: readonly {
    readonly offset: number;
    readonly elements: number;
    readonly values: readonly number[];
  }[];
  readonly bytes: { gradients: number; activations: number; examples: number; shared: number; constants: number };
}

export function placeValues(calls: readonly GraphCall[], outside: Outside): Placed {
  const places = new Map<SymbolicTensor, { part: Part; offset: number }>();
  const ends = { gradients: 0, examples: 0, shared: 0, constants: 0 };
  const constants: { offset: number; elements: number; values: readonly number[] }[] = [];
  const neededWhole = new Set(calls.flatMap((call) => (call.isWholeSum ? call.inputs.map(viewedValue) : [])));
  const rowsOf = (node: SymbolicTensor): number => outside.shardSize * (neededWhole.has(node) ? outside.shards : 1);
  const bytesOf = (node: SymbolicTensor): number => 4 * sizeOf(node.shape, rowsOf(node));

  const append = (part: keyof typeof ends, node: SymbolicTensor): void => {
    places.set(node, { part, offset: ends[part] });
    ends[part] += aligned(bytesOf(node));
  };
  outside.slabOrder.forEach((node) => append('gradients', node));
  const activations: SymbolicTensor[] = [];
  for (const node of calls.flatMap((call) => [...call.inputs, ...call.outputs]).map(viewedValue)) {
    if (places.has(node)) continue;
    const field = outside.fields.get(node);
    const updated = outside.updates.get(node);
    const values = constantValues(node);
    if (field !== undefined) places.set(node, { part: 'batch', offset: field });
    else if (updated) places.set(node, { part: 'next', offset: outside.variables.indexOf(updated) });
    else if (node.variable) places.set(node, { part: 'state', offset: outside.variables.indexOf(node.variable) });
    else if (values !== null) {
      constants.push({ offset: ends.constants, elements: bytesOf(node) / 4, values });
      append('constants', node);
    } else if (outside.domains.isPartial(node)) append('gradients', node);
    else if (!isBatched(node.shape)) append('shared', node);
    // All shards' rows live until all shards are done, so none is reused.
    else if (neededWhole.has(node)) append('examples', node);
    else {
      activations.push(node);
      places.set(node, { part: 'activations', offset: 0 });
    }
  }
  const packed = packLifetimes(
    activations.map((node) => ({
      first: calls.findIndex((call) => call.outputs.includes(node)),
      last: calls.findLastIndex(
        (call) => call.inputs.some((x) => viewedValue(x) === node) || call.outputs.includes(node),
      ),
      size: aligned(4 * outside.shardSize * elementsPerRow(node.shape)),
    })),
  );
  activations.forEach((node, i) => places.set(node, { part: 'activations', offset: packed.offsets[i] ?? 0 }));

  const values: Value[] = [];
  const indices = new Map<SymbolicTensor, number>();
  const indexOf = (node: SymbolicTensor): number => {
    let index = indices.get(node);
    if (index === undefined) {
      const place = places.get(viewedValue(node));
      if (!place) throw new TypeError(`op '${node.op.name}' has no slot`);
      index = values.push({ ...place, shape: node.shape, dtype: node.dtype }) - 1;
      indices.set(node, index);
    }
    return index;
  };
  return { values, indexOf, constants, bytes: { ...ends, activations: packed.size } };
}

/** What a constant is filled with: one value, or as many as it has elements. */
function constantValues(node: SymbolicTensor): readonly number[] | null {
  const uniform = uniformValue(node);
  return uniform === null ? literalValues(node) : [uniform];
}
