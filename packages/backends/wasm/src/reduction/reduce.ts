import { defineKernel, rows, type BoundKernel, type Kernel, type View } from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { columnSums } from './column-sums.js';
import type { Reduce, ReductionExports } from './exports.js';

interface ReduceAttributes {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** y[kept axes] = sum of x over `axes`; the batch axis counts the examples that are there. */
export function reduceSum(exports: ReductionExports): Kernel {
  const general = reduceKernel(exports.reduceSum);
  return defineKernel<ReduceAttributes>({
    ...general,
    bind(call): BoundKernel {
      const [x] = call.inputs as [View];
      const [y] = call.outputs as [View];
      if (!isByLastAxis(x, call.attributes)) return general.bind(call);
      const add = columnSums(exports, x, y);
      return ({ examples }) => {
        if (examples === 0) y.data.fill(0);
        else add(0, examples, examples);
      };
    },
  });
}

/** y[kept axes] = maximum of x over `axes`. */
export const reduceMax = (exports: ReductionExports): Kernel => reduceKernel(exports.reduceMax);

/** Neighbouring axes that are all reduced or all kept; the first has axis 0 among them. */
interface Group {
  readonly reduced: boolean;
  /** Elements along the group; of the first, those of one row. */
  readonly length: number;
}

/** One reduction of a group: from x [outer][reduced][inner], where the first group's length is multiplied by the rows. */
interface Pass {
  readonly outer: number;
  readonly reduced: number;
  readonly inner: number;
  readonly rowsAre: 'outer' | 'reduced' | 'inner';
}

/** Reduces group by group, the last one first, through scratch. */
function reduceKernel(reduce: Reduce): Kernel {
  return defineKernel<ReduceAttributes>({
    scratch({ inputs, attributes: { axes } }) {
      const [x] = inputs as [View];
      return passesOf(x, axes)
        .slice(0, -1)
        .reduce((n, pass) => n + sizeAfter(pass, room(x)), 0);
    },
    bind({ inputs, outputs, attributes: { axes }, scratch }): BoundKernel {
      const [x] = inputs as [View];
      const [y] = outputs as [View];
      const passes = passesOf(x, axes);
      const between: number[] = [];
      let next = addressOf(scratch);
      for (const pass of passes.slice(0, -1)) {
        between.push(next);
        next += 4 * sizeAfter(pass, room(x));
      }
      const from = [addressOf(x.data), ...between];
      const to = [...between, addressOf(y.data)];
      return (run) => {
        const n = rows(x, run);
        for (let i = 0; i < passes.length; i++) {
          const { outer, reduced, inner, rowsAre } = passes[i];
          if (rowsAre === 'outer') reduce(from[i], to[i], outer * n, reduced, inner);
          else if (rowsAre === 'reduced') reduce(from[i], to[i], outer, reduced * n, inner);
          else reduce(from[i], to[i], outer, reduced, inner * n);
        }
      };
    },
  });
}

/** Whether a batch is summed over all axes but the last. */
function isByLastAxis({ batched, shape }: View, { axes }: ReduceAttributes): boolean {
  return batched && shape.length > 1 && axes.length === shape.length - 1 && !axes.includes(shape.length - 1);
}

function room(view: View): number {
  return view.shape[0] ?? 1;
}

function sizeAfter({ outer, inner, rowsAre }: Pass, n: number): number {
  return outer * inner * (rowsAre === 'reduced' ? 1 : n);
}

function passesOf({ shape }: View, axes: readonly number[]): Pass[] {
  let groups = groupsOf(shape.length === 0 ? [1] : shape, axes);
  const passes: Pass[] = [];
  const product = (some: readonly Group[]): number => some.reduce((n, { length }) => n * length, 1);
  for (let at = groups.findLastIndex((g) => g.reduced); at >= 0; at = groups.findLastIndex((g) => g.reduced)) {
    const [before, after] = [groups.slice(0, at), groups.slice(at + 1)];
    passes.push({
      outer: product(before),
      reduced: groups[at].length,
      inner: product(after),
      rowsAre: at === 0 ? 'reduced' : 'outer',
    });
    groups = [...before, ...after];
  }
  // Nothing to reduce: a copy, as the reduction of one element each.
  return passes.length > 0 ? passes : [{ outer: 1, reduced: 1, inner: product(groups), rowsAre: 'inner' }];
}

function groupsOf(shape: readonly number[], axes: readonly number[]): Group[] {
  const groups: Group[] = [];
  shape.forEach((dimension, axis) => {
    const reduced = axes.includes(axis);
    const length = axis === 0 ? 1 : dimension;
    const last = groups.at(-1);
    if (last?.reduced === reduced) groups[groups.length - 1] = { reduced, length: last.length * length };
    else groups.push({ reduced, length });
  });
  return groups;
}
