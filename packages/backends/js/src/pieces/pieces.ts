import { defineKernel, rows, rowSize, type View } from '@convoy/engine/kernels';
import { boxCopier, boxIn } from './copy-box.js';

/** y = the part of x that begins at `begin`. */
export const slice = defineKernel<{ begin: readonly number[] }>({
  bind({ inputs, outputs, attributes: { begin } }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    return boxCopier(y, x, boxIn(x.shape, begin), y, whole(y));
  },
});

/** y = x with zeros around it. */
export const pad = defineKernel<{ paddings: readonly (readonly [number, number])[] }>({
  bind({ inputs, outputs, attributes: { paddings } }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    const inside = boxIn(
      y.shape,
      paddings.map(([before]) => before),
    );
    const copy = boxCopier(x, x, whole(x), y, inside);
    const size = rowSize(y);
    return (run) => {
      y.data.fill(0, 0, rows(y, run) * size);
      copy(run);
    };
  },
});

/** y = the inputs one after the other along an axis. */
export const concat = defineKernel<{ axis: number }>({
  bind({ inputs, outputs, attributes: { axis } }) {
    const [y] = outputs as [View];
    let begin = 0;
    const copies = inputs.map((x) => {
      const place = boxIn(
        y.shape,
        y.shape.map((_, i) => (i === axis ? begin : 0)),
      );
      begin += x.shape[axis];
      return boxCopier(x, x, whole(x), y, place);
    });
    return (run) => {
      for (const copy of copies) copy(run);
    };
  },
});

/** All of a tensor. */
function whole({ shape }: View) {
  return boxIn(
    shape,
    shape.map(() => 0),
  );
}
