/** Cutting tensors into pieces and putting them together; each op's gradient is made of the others. */
import { applyOp } from '../../define/op/apply-op.js';
import { defineOp, type Op } from '../../define/op/op.js';
import { checkKeys } from '../../define/plugin/options.js';
import { formatShape, resolveAxis, type Dimension, type Shape } from '../../define/op/shape.js';
import type { SymbolicTensor } from '../../define/op/symbolic-tensor.js';
import { takes } from '../../define/op/takes.js';
import type { Tensor } from '../../define/op/tensor.js';
import type { Variable } from '../../define/variable/variable.js';
import { ValueError } from '../../errors.js';

/** Where a slice begins and how long it is, along every axis. */
export interface SliceOptions {
  /** First index along each axis; 0 for the batch. */
  readonly begin: readonly number[];
  /** Length along each axis; null for all of it, as for the batch. */
  readonly size: readonly (number | null)[];
}

/** The part of x from `begin`, of length `size`, along every axis. The batch axis stays whole. */
export const slice: Op<[x: SymbolicTensor], SliceOptions> = defineOp<[x: SymbolicTensor], SliceOptions>('slice', {
  attributes: takes(1, ['begin', 'size'], ({ begin, size }, [x]) => {
    const fits = (d: Dimension, i: number): boolean => {
      const [from, length] = [begin[i], size[i]];
      if (from === undefined || length === undefined || !Number.isInteger(from) || from < 0) return false;
      if (d === null) return from === 0 && length === null;
      return length === null ? from <= d : Number.isInteger(length) && length >= 0 && from + length <= d;
    };
    if (begin.length !== x.length || size.length !== x.length || !x.every(fits)) {
      throw new ValueError(
        `begin [${begin.join(', ')}] and size [${size.join(', ')}] do not lie inside ${formatShape(x)}; ` +
          `give one of each for every axis, and 0 and null for the batch`,
        'SLICE',
      );
    }
    return {
      begin,
      size: size.map((length, i) => (x[i] === null ? null : (length ?? (x[i] as number) - (begin[i] as number)))),
    };
  }),
  shape: (_shapes, { size }) => size,
  gradient: (dy, [x], _y, { begin, size }) => [
    pad(dy, {
      paddings: x.shape.map((d, i) => {
        const before = begin[i] as number;
        return d === null ? [0, 0] : [before, d - before - (size[i] as number)];
      }),
    }),
  ],
});

/** How many zeros there are around a tensor. */
export interface PadOptions {
  /** Zeros before and after, along each axis; [0, 0] for the batch. */
  readonly paddings: readonly (readonly [before: number, after: number])[];
}

/** x with zeros around it. */
export const pad: Op<[x: SymbolicTensor], PadOptions> = defineOp<[x: SymbolicTensor], PadOptions>('pad', {
  attributes: takes(1, ['paddings']),
  shape([x], { paddings }) {
    const isAmount = (n: number): boolean => Number.isInteger(n) && n >= 0;
    const fits = (pair: readonly number[], i: number): boolean =>
      pair.length === 2 && pair.every((n) => (x[i] === null ? n === 0 : isAmount(n)));
    if (paddings.length !== x.length || !paddings.every(fits)) {
      throw new ValueError(
        `paddings ${JSON.stringify(paddings)} do not fit ${formatShape(x)}; give [before, after] for every axis, ` +
          `[0, 0] for the batch`,
        'PAD',
      );
    }
    return x.map((d, i) => (d === null ? null : d + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0)));
  },
  gradient: (dy, [x], _y, { paddings }) => [slice(dy, { begin: paddings.map(([before]) => before), size: x.shape })],
});

/** The axis along which tensors are joined; all others are equal. */
export interface ConcatOptions {
  /** Default: the last. */
  readonly axis?: number;
}

/** The op behind `concat`, which takes the tensors as arguments; its kernel is called 'concat'. */
export const concatOp: Op<SymbolicTensor[], ConcatOptions> = defineOp<
  SymbolicTensor[],
  ConcatOptions,
  { readonly axis: number }
>('concat', {
  attributes(given, [first]) {
    checkKeys(given, ['axis']);
    return { axis: resolveAxis(given.axis ?? -1, first?.length ?? 0) };
  },
  shape(shapes, { axis }) {
    const [first] = shapes;
    if (!first) throw new ValueError('at least one tensor is needed', 'OPERAND');
    const fits = (shape: Shape): boolean =>
      shape.length === first.length && shape.every((d, i) => (i === axis ? d !== null : d === first[i]));
    if (!shapes.every(fits)) {
      throw new ValueError(
        `shapes ${shapes.map(formatShape).join(' and ')} must be equal but for axis ${axis}, which is not the batch`,
        'SHAPE_MISMATCH',
      );
    }
    const total = shapes.reduce((n, shape) => n + (shape[axis] as number), 0);
    return first.map((d, i) => (i === axis ? total : d));
  },
  gradient(dy, inputs, _y, { axis }) {
    let begin = 0;
    return inputs.map((input) => {
      const from = begin;
      begin += input.shape[axis] as number;
      return slice(dy, { begin: dy.shape.map((_, i) => (i === axis ? from : 0)), size: input.shape });
    });
  },
});

/** The tensors one after the other along an axis. */
export function concat(tensors: readonly (SymbolicTensor | Variable)[], options?: ConcatOptions): SymbolicTensor;
export function concat(tensors: readonly (Tensor | Variable)[], options?: ConcatOptions): Tensor;
export function concat(
  tensors: readonly (SymbolicTensor | Tensor | Variable)[],
  options: ConcatOptions = {},
): SymbolicTensor | Tensor {
  return applyOp(concatOp, [...tensors, options]);
}
