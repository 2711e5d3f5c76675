import { defineDeviceKernel, type DeviceKernel, type Operand } from '../device-kernel.js';
import { countOf, eachElement } from '../shader/each-element.js';

/** log Σ eˣ of the vector that begins at `at`. */
const LOG_SUM_EXP = `fn top_of(at: u32) -> f32 {
  var top = x_at(at);
  for (var j = 1u; j < p.length; j++) { top = max(top, x_at(at + j)); }
  return top;
}
fn log_sum_exp(at: u32) -> f32 {
  let top = top_of(at);
  var sum = 0.0;
  for (var j = 0u; j < p.length; j++) { sum += exp(x_at(at + j) - top); }
  return top + log(sum);
}`;

/** One thread for each vector of the last axis; `names` are the operands in order, `vectors` the index of one that has all vectors. */
function eachVector(names: readonly string[], vectors: number, head: string, body: string): DeviceKernel {
  return defineDeviceKernel({
    plan({ inputs, outputs }) {
      const [y] = outputs as [Operand];
      const operand = inputs[vectors];
      const length = operand.shape.at(-1) ?? 1;
      const { count, batch } = countOf(operand);
      return eachElement({
        reads: Object.fromEntries(names.map((name, n) => [name, inputs[n]])),
        writes: { y },
        params: { length },
        // A batched vector of one axis is a batch of numbers: one vector all the same.
        ...(operand.shape.length === 1 ? { count: 1, batch: null } : { count: count / Math.max(1, length), batch }),
        head,
        body: `let at = i * p.length;\n${body}`,
      });
    },
  });
}

/** eˣ / Σeˣ over the last axis, the maximum taken off first. */
export const softmax = eachVector(
  ['x'],
  0,
  LOG_SUM_EXP,
  `let top = top_of(at);
var sum = 0.0;
for (var j = 0u; j < p.length; j++) { sum += exp(x_at(at + j) - top); }
for (var j = 0u; j < p.length; j++) { y_put(at + j, exp(x_at(at + j) - top) / sum); }`,
);

/** dx = (dy − Σ dy·y) · y over the last axis. */
export const softmaxGradient = eachVector(
  ['dy', 'x'],
  1,
  '',
  `var dot = 0.0;
for (var j = 0u; j < p.length; j++) { dot += dy_at(at + j) * x_at(at + j); }
for (var j = 0u; j < p.length; j++) { y_put(at + j, (dy_at(at + j) - dot) * x_at(at + j)); }`,
);

/** loss = log Σ e^logits − logits[label] */
export const sparseSoftmaxCrossEntropy = eachVector(
  ['x', 'labels'],
  0,
  LOG_SUM_EXP,
  'y_put(i, log_sum_exp(at) - x_at(at + u32(labels_at(i))));',
);

/** dlogits = dy · (softmax(logits) − onehot(labels)) */
export const sparseSoftmaxCrossEntropyGradient = eachVector(
  ['dy', 'x', 'labels'],
  1,
  LOG_SUM_EXP,
  `let norm = log_sum_exp(at);
let label = u32(labels_at(i));
for (var j = 0u; j < p.length; j++) {
  y_put(at + j, dy_at(i) * (exp(x_at(at + j) - norm) - select(0.0, 1.0, j == label)));
}`,
);

/** loss = Σ targets · (log Σ e^logits − logits) */
export const softmaxCrossEntropy = eachVector(
  ['x', 'targets'],
  0,
  LOG_SUM_EXP,
  `let norm = log_sum_exp(at);
var sum = 0.0;
for (var j = 0u; j < p.length; j++) { sum += targets_at(at + j) * (norm - x_at(at + j)); }
y_put(i, sum);`,
);

/** dlogits = dy · (softmax(logits) · Σtargets − targets) */
export const softmaxCrossEntropyGradient = eachVector(
  ['dy', 'x', 'targets'],
  1,
  LOG_SUM_EXP,
  `let norm = log_sum_exp(at);
var mass = 0.0;
for (var j = 0u; j < p.length; j++) { mass += targets_at(at + j); }
for (var j = 0u; j < p.length; j++) {
  y_put(at + j, dy_at(i) * (exp(x_at(at + j) - norm) * mass - targets_at(at + j)));
}`,
);
