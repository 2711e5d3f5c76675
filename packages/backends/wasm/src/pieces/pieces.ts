import {
  defineKernel,
  rows,
  rowSize,
  stridesOf,
  type BoundKernel,
  type Kernel,
  type View,
} from '@convoy/engine/kernels';
import { addressOf } from '../module/address.js';
import { boxCopier, boxIn } from './box-copier.js';
import type { PiecesExports } from './exports.js';

/** y = the part of x that begins at `begin`. */
export function slice(exports: PiecesExports): Kernel {
  return defineKernel<{ begin: readonly number[] }>({
    bind({ inputs, outputs, attributes: { begin } }): BoundKernel {
      const [x] = inputs as [View];
      const [y] = outputs as [View];
      return boxCopier(exports, y, x, boxIn(x.shape, begin), y, boxIn(y.shape));
    },
  });
}

/** y = x with zeros around it. */
export function pad(exports: PiecesExports): Kernel {
  return defineKernel<{ paddings: readonly (readonly [number, number])[] }>({
    bind({ inputs, outputs, attributes: { paddings } }): BoundKernel {
      const [x] = inputs as [View];
      const [y] = outputs as [View];
      const begin = paddings.map(([before]) => before);
      const copy = boxCopier(exports, x, x, boxIn(x.shape), y, boxIn(y.shape, begin));
      const [yAt, size] = [addressOf(y.data), rowSize(y)];
      return (run) => {
        exports.clear(yAt, rows(y, run) * size);
        copy(run);
      };
    },
  });
}

/** y = the inputs one after the other along an axis. */
export function concat(exports: PiecesExports): Kernel {
  return defineKernel<{ axis: number }>({
    bind({ inputs, outputs, attributes: { axis } }): BoundKernel {
      const [y] = outputs as [View];
      let start = 0;
      const copies = inputs.map((x) => {
        const begin = y.shape.map((_, i) => (i === axis ? start : 0));
        start += x.shape[axis];
        return boxCopier(exports, x, x, boxIn(x.shape), y, boxIn(y.shape, begin));
      });
      return (run) => {
        for (const copy of copies) copy(run);
      };
    },
  });
}

/** Axis j of y is axis permutation[j] of x. */
export function transpose(exports: PiecesExports): Kernel {
  return defineKernel<{ permutation: readonly number[] }>({
    bind({ inputs, outputs, attributes: { permutation } }): BoundKernel {
      const [x] = inputs as [View];
      const [y] = outputs as [View];
      const strides = stridesOf(x.shape);
      const from = { start: 0, strides: permutation.map((axis) => strides[axis]) };
      return boxCopier(exports, y, x, from, y, boxIn(y.shape));
    },
  });
}
