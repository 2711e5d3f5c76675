import { defineKernel, type View } from '@convoy/engine/kernels';
import { eachVector } from './each-vector.js';

/** eˣ / Σeˣ over the last axis, the maximum taken off first. */
export const softmax = defineKernel({
  bind({ inputs, outputs }) {
    const [{ data: x, shape }] = inputs as [View];
    const [{ data: y }] = outputs as [View];
    const length = shape.at(-1) ?? 1;
    return eachVector(inputs[0], (at) => {
      let top = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < length; j++) top = Math.max(top, x[at + j]);
      let sum = 0;
      for (let j = 0; j < length; j++) sum += Math.exp(x[at + j] - top);
      for (let j = 0; j < length; j++) y[at + j] = Math.exp(x[at + j] - top) / sum;
    });
  },
});

/** dx = (dy − Σ dy·y) · y over the last axis. */
export const softmaxGradient = defineKernel({
  bind({ inputs, outputs }) {
    const [{ data: dy }, { data: y, shape }] = inputs as [View, View];
    const [{ data: dx }] = outputs as [View];
    const length = shape.at(-1) ?? 1;
    return eachVector(inputs[1], (at) => {
      let dot = 0;
      for (let j = 0; j < length; j++) dot += dy[at + j] * y[at + j];
      for (let j = 0; j < length; j++) dx[at + j] = (dy[at + j] - dot) * y[at + j];
    });
  },
});
