import type { PoolAttributes } from '@convoy/layers';
import {
  defineDeviceKernel,
  type DeviceCall,
  type DeviceKernel,
  type Dispatch,
  type Operand,
} from '../device-kernel.js';
import { countOf, eachElement } from '../shader/each-element.js';
import { imageNumbers } from '../shader/image.js';

function numbers(x: Operand, y: Operand, { poolSize, strides, padding, dataFormat }: PoolAttributes) {
  return {
    ...imageNumbers('x', x, dataFormat),
    ...imageNumbers('y', y, dataFormat),
    R: poolSize[0],
    S: poolSize[1],
    stride_h: strides[0],
    stride_w: strides[1],
    top: padding[0][0],
    left: padding[1][0],
  };
}

/** Position of element i of an image tensor `t`, whatever its layout. */
const positionIn = (t: 'x' | 'y', last: boolean): string =>
  last
    ? `let c = i % p.${t}_channels; let w = i / p.${t}_channels % p.${t}_width;
let h = i / (p.${t}_channels * p.${t}_width) % p.${t}_height; let n = i / p.${t}_n;`
    : `let w = i % p.${t}_width; let h = i / p.${t}_width % p.${t}_height;
let c = i / (p.${t}_width * p.${t}_height) % p.${t}_channels; let n = i / p.${t}_n;`;

/** Rows and columns of the window of output position `row`, `column` that lie inside of the image. */
const WINDOW = `struct Span { top: u32, bottom: u32, left: u32, right: u32 }
fn span_of(row: u32, column: u32) -> Span {
  let h = row * p.stride_h; let w = column * p.stride_w;
  return Span(max(h, p.top) - p.top, min(h + p.R - p.top, p.x_height), max(w, p.left) - p.left, min(w + p.S - p.left, p.x_width));
}
`;

/** Index of the first maximum in a window. */
const FIRST_MAXIMUM = `fn first_maximum(base: u32, window: Span) -> u32 {
  var best = base + window.top * p.x_h + window.left * p.x_w;
  for (var h = window.top; h < window.bottom; h++) {
    for (var w = window.left; w < window.right; w++) {
      let at = base + h * p.x_h + w * p.x_w;
      if (x_at(at) > x_at(best)) { best = at; }
    }
  }
  return best;
}`;

/** Visits the output positions whose windows hold position h, w: rows first .. last, columns likewise. */
const MEETING = `let first_row = (max(h + p.top + 1u, p.R) - p.R + p.stride_h - 1u) / p.stride_h;
let first_column = (max(w + p.left + 1u, p.S) - p.S + p.stride_w - 1u) / p.stride_w;
let end_row = min((h + p.top) / p.stride_h + 1u, p.y_height);
let end_column = min((w + p.left) / p.stride_w + 1u, p.y_width);
var sum = 0.0;
for (var row = first_row; row < end_row; row++) {
  for (var column = first_column; column < end_column; column++) {
    let window = span_of(row, column);
    let dy = y_at(n * p.y_n + row * p.y_h + column * p.y_w + c * p.y_c);`;

function forward(head: string, value: string): DeviceKernel {
  return defineDeviceKernel<PoolAttributes>({
    plan({ inputs, outputs, attributes }) {
      const [x] = inputs as [Operand];
      const [y] = outputs as [Operand];
      return eachElement({
        reads: { x },
        writes: { y },
        params: numbers(x, y, attributes),
        ...countOf(y),
        head: WINDOW + head,
        body: `${positionIn('y', attributes.dataFormat === 'channelsLast')}
let window = span_of(h, w);
let base = n * p.x_n + c * p.x_c;
${value}`,
      });
    },
  });
}

function gradient(
  { outputs, attributes }: DeviceCall<PoolAttributes>,
  y: Operand,
  reads: Readonly<Record<string, Operand>>,
  head: string,
  add: string,
): Dispatch[] {
  const [dx] = outputs as [Operand];
  return eachElement({
    reads,
    writes: { dx },
    params: numbers(dx, y, attributes),
    ...countOf(dx),
    head: WINDOW + head,
    body: `${positionIn('x', attributes.dataFormat === 'channelsLast')}
${MEETING}
    ${add}
  }
}
dx_put(i, sum);`,
  });
}

/** y[n,p,q,c] = maximum of the window. */
export const maxPool2d = forward(FIRST_MAXIMUM, 'y_put(i, x_at(first_maximum(base, window)));');

/** y[n,p,q,c] = mean of the elements of the window that lie inside the image. */
export const averagePool2d = forward(
  '',
  `var sum = 0.0;
for (var row = window.top; row < window.bottom; row++) {
  for (var column = window.left; column < window.right; column++) { sum += x_at(base + row * p.x_h + column * p.x_w); }
}
y_put(i, sum / f32((window.bottom - window.top) * (window.right - window.left)));`,
);

/** dx: each dy goes to the first maximum of its window; gathered, an element asks each window that holds it. */
export const maxPool2dGradient = defineDeviceKernel<PoolAttributes>({
  plan(call) {
    const [y, x] = call.inputs as [Operand, Operand];
    const add = 'if (first_maximum(n * p.x_n + c * p.x_c, window) == i) { sum += dy; }';
    return gradient(call, y, { y, x }, FIRST_MAXIMUM, add);
  },
});

/** dx: each dy is shared out evenly over the elements of its window that lie inside the image. */
export const averagePool2dGradient = defineDeviceKernel<PoolAttributes>({
  plan(call) {
    const [y] = call.inputs as [Operand];
    const add = 'sum += dy / f32((window.bottom - window.top) * (window.right - window.left));';
    return gradient(call, y, { y }, '', add);
  },
});
