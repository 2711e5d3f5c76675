import { elementsPerRow, isBatched, sizeOf } from '../define/op/shape.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { KernelSet } from './compile-program.js';
import { sumsBatch } from './domains.js';
import { rangeLength } from './ranges.js';

/** How a batch is cut. */
interface Batch {
  readonly batchSize: number;
  readonly shards: number;
}

/** By how much the parts of the shards outweigh the operands. */
const OUTWEIGHS = 4;
/** Fewer ranges keep too few workers busy. */
const FEWEST_RANGES = 4;

/**
 * The sums over the batch that are computed once, by ranges of their rows over all examples, rather than as a part for each shard:
 * gradients of large dense kernels. Parts are written by each shard and read again by the tree sum, `shards · elements(sum)`
 * floats; instead, the operands of all examples are kept, `batchSize · Σ elements(row of an operand)` floats, which shards else
 * keep in memory that they share. A sum is such where parts outweigh operands, the kernel can compute rows alone, and there
 * are enough ranges for many workers. A rule over shapes and the recipe, so that bits do not depend on the machine.
 */
export function wholeSumsOf(
  order: readonly SymbolicTensor[],
  { batchSize, shards }: Batch,
  kernels: KernelSet,
): Set<SymbolicTensor> {
  // One part is the sum already, and stays with the shard that makes it, as replicas need it.
  if (shards === 1) return new Set();
  return new Set(order.filter((node) => sumsBatch(node) && canBeWhole(node) && isWorthIt(node)));

  function canBeWhole({ op, inputs }: SymbolicTensor): boolean {
    return inputs.every((x) => isBatched(x.shape)) && kernels.has(op.name) && !!kernels.kernel(op.name).bindRows;
  }

  function isWorthIt({ shape, inputs }: SymbolicTensor): boolean {
    const elements = sizeOf(shape);
    const operands = batchSize * inputs.reduce((sum, x) => sum + elementsPerRow(x.shape), 0);
    const ranges = Math.ceil(elements / rangeLength(sizeOf(shape.slice(1))));
    return shards * elements >= OUTWEIGHS * operands && ranges >= FEWEST_RANGES;
  }
}
