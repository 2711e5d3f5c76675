import { defineKernel, type View } from '@convoy/engine/kernels';
import { boxIn, copyBox, lengthsNow } from './copy-box.js';

/** y = the part of x that begins at `begin`. */
export const slice = defineKernel<{ begin: readonly number[] }>({
  bind({ inputs, outputs, attributes: { begin } }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    const from = boxIn(x.shape, begin);
    const to = boxIn(
      y.shape,
      begin.map(() => 0),
    );
    return (run) => copyBox(lengthsNow(y, run), x.data, from, y.data, to);
  },
});

/** y = x with zeros around it. */
export const pad = defineKernel<{ paddings: readonly (readonly [number, number])[] }>({
  bind({ inputs, outputs, attributes: { paddings } }) {
    const [x] = inputs as [View];
    const [y] = outputs as [View];
    const from = boxIn(
      x.shape,
      paddings.map(() => 0),
    );
    const to = boxIn(
      y.shape,
      paddings.map(([before]) => before),
    );
    return (run) => {
      y.data.fill(
        0,
        0,
        lengthsNow(y, run).reduce((a, b) => a * b, 1),
      );
      copyBox(lengthsNow(x, run), x.data, from, y.data, to);
    };
  },
});

/** y = the inputs one after the other along an axis. */
export const concat = defineKernel<{ axis: number }>({
  bind({ inputs, outputs, attributes: { axis } }) {
    const [y] = outputs as [View];
    let begin = 0;
    const pieces = inputs.map((x) => {
      const to = boxIn(
        y.shape,
        y.shape.map((_, i) => (i === axis ? begin : 0)),
      );
      begin += x.shape[axis];
      return {
        x,
        from: boxIn(
          x.shape,
          x.shape.map(() => 0),
        ),
        to,
      };
    });
    return (run) => {
      for (const { x, from, to } of pieces) copyBox(lengthsNow(x, run), x.data, from, y.data, to);
    };
  },
});
