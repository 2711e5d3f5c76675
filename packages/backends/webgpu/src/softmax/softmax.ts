import { eachRow } from './row.js';

/** `top`, the vector's maximum, then `sum`, the sum of e^(x − top). */
const TOP_AND_SUM = `var top = -3.4028234e38;
for (var j = first; j < length; j += step) { top = max(top, x_at(at + j)); }
top = all_max(top, lane);
var sum = 0.0;
for (var j = first; j < length; j += step) { sum += exp(x_at(at + j) - top); }
sum = all_sum(sum, lane);`;

const topAndSum = { all_max: 'max', all_sum: 'sum' } as const;

/** eˣ / Σeˣ over the last axis, the maximum taken off first. */
export const softmax = eachRow({
  names: ['x'],
  vectors: 0,
  together: topAndSum,
  body: `${TOP_AND_SUM}
for (var j = first; j < length; j += step) { y_put(at + j, exp(x_at(at + j) - top) / sum); }`,
});

/** dx = (dy − Σ dy·y) · y over the last axis. */
export const softmaxGradient = eachRow({
  names: ['dy', 'x'],
  vectors: 1,
  together: { all_sum: 'sum' },
  body: `var dot = 0.0;
for (var j = first; j < length; j += step) { dot += dy_at(at + j) * x_at(at + j); }
dot = all_sum(dot, lane);
for (var j = first; j < length; j += step) { y_put(at + j, (dy_at(at + j) - dot) * x_at(at + j)); }`,
});

/** loss = log Σ e^logits − logits[label], NaN for a label that is no class; of a variable's bits, for WGSL refuses a constant NaN. */
export const sparseSoftmaxCrossEntropy = eachRow({
  names: ['x', 'labels'],
  vectors: 0,
  together: topAndSum,
  body: `${TOP_AND_SUM}
if (inside && first == 0u) {
  let given = labels_at(i);
  let label = u32(given);
  var nan = 0x7fc00000u;
  var chosen = bitcast<f32>(nan);
  if (f32(label) == given && label < length) { chosen = x_at(at + label); }
  y_put(i, top + log(sum) - chosen);
}`,
});

/** dlogits = dy · (softmax(logits) − onehot(labels)) */
export const sparseSoftmaxCrossEntropyGradient = eachRow({
  names: ['dy', 'x', 'labels'],
  vectors: 1,
  together: topAndSum,
  body: `${TOP_AND_SUM}
let norm = top + log(sum);
let label = labels_at(i);
for (var j = first; j < length; j += step) {
  y_put(at + j, dy_at(i) * (exp(x_at(at + j) - norm) - select(0.0, 1.0, f32(j) == label)));
}`,
});

/** loss = Σ targets · (log Σ e^logits − logits) */
export const softmaxCrossEntropy = eachRow({
  names: ['x', 'targets'],
  vectors: 0,
  together: { ...topAndSum, all_losses: 'sum' },
  body: `${TOP_AND_SUM}
let norm = top + log(sum);
var loss = 0.0;
for (var j = first; j < length; j += step) { loss += targets_at(at + j) * (norm - x_at(at + j)); }
loss = all_losses(loss, lane);
if (inside && first == 0u) { y_put(i, loss); }`,
});

/** dlogits = dy · (softmax(logits) · Σtargets − targets) */
export const softmaxCrossEntropyGradient = eachRow({
  names: ['dy', 'x', 'targets'],
  vectors: 1,
  together: { ...topAndSum, all_targets: 'sum' },
  body: `${TOP_AND_SUM}
let norm = top + log(sum);
var mass = 0.0;
for (var j = first; j < length; j += step) { mass += targets_at(at + j); }
mass = all_targets(mass, lane);
for (var j = first; j < length; j += step) {
  y_put(at + j, dy_at(i) * (exp(x_at(at + j) - norm) * mass - targets_at(at + j)));
}`,
});
