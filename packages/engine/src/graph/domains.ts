/**
 * Where a value is computed. What depends on the batch is computed shard by shard; the rest once for the whole
 * batch. A value without the batch axis made from batched ones is a sum over the batch: a *partial*, one per shard, the
 * sum of which is the value, so whoever uses it must wait until all shards are done; or, if `wholeSums` has it, computed once
 * when all shards are done.
 */
import { constantValue } from '../define/op/constant.js';
import { isBatched } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { storeOp } from './store.js';

/** Whether a value has no batch axis, but is made from values that have. */
export function sumsBatch(node: SymbolicTensor): boolean {
  return !isBatched(node.shape) && node.inputs.some((input) => isBatched(input.shape));
}

/** The domains of one graph's values. */
export class Domains {
  readonly #wholeSums: ReadonlySet<SymbolicTensor>;

  /** @param wholeSums - sums over the batch that are not made shard by shard */
  constructor(wholeSums: ReadonlySet<SymbolicTensor>) {
    this.#wholeSums = wholeSums;
  }

  isWholeSum(node: SymbolicTensor): boolean {
    return this.#wholeSums.has(node);
  }

  isPartial(node: SymbolicTensor): boolean {
    return sumsBatch(node) && !this.isWholeSum(node);
  }

  inShards(node: SymbolicTensor): boolean {
    return isBatched(node.shape) || this.isPartial(node);
  }

  /**
   * The stage of each node. A stage is one pass over the shards followed by work on whole values; a shard's
   * computation that needs a whole value computed in stage s, or a partial of stage s, belongs to stage s + 1.
   */
  stagesOf(order: readonly SymbolicTensor[]): Map<SymbolicTensor, number> {
    const stages = new Map<SymbolicTensor, number>();
    for (const node of order) {
      let stage = 0;
      for (const input of node.inputs) {
        if (isLeaf(input) || isInlineScalar(input)) continue;
        const made = stages.get(input) ?? 0;
        const crosses = this.inShards(node) && !isBatched(viewedValue(input).shape) && !viewsLeaf(input);
        stage = Math.max(stage, crosses ? made + 1 : made);
      }
      stages.set(node, stage);
    }
    this.#delay(order, stages);
    return stages;
  }

  /** What a shard computes for later stages alone, such as labels as floats, waits for the first of them: else it would need a pass of its own. */
  #delay(order: readonly SymbolicTensor[], stages: Map<SymbolicTensor, number>): void {
    const needed = new Map<SymbolicTensor, number>();
    for (const node of order.toReversed()) {
      if (isBatched(node.shape)) stages.set(node, needed.get(node) ?? (stages.get(node) as number));
      const stage = stages.get(node) as number;
      for (const input of node.inputs) needed.set(input, Math.min(needed.get(input) ?? stage, stage));
    }
  }
}

/** The number that all elements of a tensor equal, when that is known; such a tensor needs no computing. */
export function uniformValue(node: SymbolicTensor): number | null {
  const value = constantValue(node);
  if (value !== null) return value;
  const { rules } = node.op;
  if (node.op === storeOp) return null;
  const [input] = node.inputs;
  return input && (rules.view || rules.elementwise === 'identity') ? uniformValue(input) : null;
}

/** Needs no call: variables, fields of the batch, constants, scalars of the run. */
export function isLeaf(node: SymbolicTensor): boolean {
  return node.op.rules.leaf === true || node.op.rules.runScalar !== undefined || uniformValue(node) !== null;
}

/** A scalar made of leaves alone; it is recomputed wherever an expression uses it. */
export function isInlineScalar(node: SymbolicTensor): boolean {
  if (node.shape.length > 0) return false;
  if (node.op.rules.runScalar || uniformValue(node) !== null) return true;
  return node.op.rules.elementwise !== undefined && node.inputs.every((x) => isInlineScalar(x) || x.variable !== null);
}

/** The value whose memory a view shows. */
export function viewedValue(node: SymbolicTensor): SymbolicTensor {
  return node.op.rules.view ? viewedValue(node.inputs[0] as SymbolicTensor) : node;
}

function viewsLeaf(node: SymbolicTensor): boolean {
  return isLeaf(viewedValue(node));
}
