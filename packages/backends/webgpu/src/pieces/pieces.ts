import { stridesOf } from '@convoy/engine/kernels';
import { defineDeviceKernel, type Dispatch, type Operand } from '../device-kernel.js';
import { countOf, eachElement } from '../shader/each-element.js';

/** Where a box of elements begins in an operand, and the distance between neighbours along each of its axes. */
interface BoxPlace {
  readonly start: number;
  readonly strides: readonly number[];
}

/** The box that begins at index `begin` of an operand. */
function boxIn(shape: readonly number[], begin: readonly number[]): BoxPlace {
  const strides = stridesOf(shape);
  return { start: strides.reduce((sum, stride, axis) => sum + stride * begin[axis], 0), strides };
}

function whole({ shape }: Operand): BoxPlace {
  return boxIn(
    shape,
    shape.map(() => 0),
  );
}

/** Copies a box of x into a box of y, of the shape of `box`, one of the two. */
function copyBox(box: Operand, x: Operand, from: BoxPlace, y: Operand, to: BoxPlace): Dispatch[] {
  const axes = box.shape.length;
  const params: Record<string, number> = { source_start: from.start, target_start: to.start };
  const lines = ['var rest = i;', 'var source = p.source_start;', 'var target_at = p.target_start;'];
  for (let d = axes - 1; d >= 0; d--) {
    params[`from${d}`] = from.strides[d];
    params[`to${d}`] = to.strides[d];
    if (d > 0) params[`n${d}`] = box.shape[d];
    const position = d > 0 ? `rest % p.n${d}` : 'rest';
    lines.push(`source += (${position}) * p.from${d};`, `target_at += (${position}) * p.to${d};`);
    if (d > 0) lines.push(`rest = rest / p.n${d};`);
  }
  return eachElement({
    reads: { x },
    writes: { y },
    params,
    ...countOf(box),
    body: [...lines, 'y_put(target_at, x_at(source));'].join('\n'),
  });
}

/** y = the part of x that begins at `begin`. */
export const slice = defineDeviceKernel<{ begin: readonly number[] }>({
  plan({ inputs, outputs, attributes: { begin } }) {
    const [x] = inputs as [Operand];
    const [y] = outputs as [Operand];
    return copyBox(y, x, boxIn(x.shape, begin), y, whole(y));
  },
});

/** y = x with zeros around it. */
export const pad = defineDeviceKernel<{ paddings: readonly (readonly [number, number])[] }>({
  plan({ inputs, outputs, attributes: { paddings } }) {
    const [x] = inputs as [Operand];
    const [y] = outputs as [Operand];
    const begin = paddings.map(([before]) => before);
    const zeros = eachElement({ reads: {}, writes: { y }, params: {}, ...countOf(y), body: 'y_put(i, 0.0);' });
    return [...zeros, ...copyBox(x, x, whole(x), y, boxIn(y.shape, begin))];
  },
});

/** y = the inputs one after the other along an axis. */
export const concat = defineDeviceKernel<{ axis: number }>({
  plan({ inputs, outputs, attributes: { axis } }) {
    const [y] = outputs as [Operand];
    let begin = 0;
    return inputs.flatMap((x) => {
      const place = boxIn(
        y.shape,
        y.shape.map((_, i) => (i === axis ? begin : 0)),
      );
      begin += x.shape[axis];
      return copyBox(x, x, whole(x), y, place);
    });
  },
});

/** Axis j of y is axis permutation[j] of x. */
export const transpose = defineDeviceKernel<{ permutation: readonly number[] }>({
  plan({ inputs, outputs, attributes: { permutation } }) {
    const [x] = inputs as [Operand];
    const [y] = outputs as [Operand];
    const strides = stridesOf(x.shape);
    return copyBox(y, x, { start: 0, strides: permutation.map((axis) => strides[axis]) }, y, whole(y));
  },
});
