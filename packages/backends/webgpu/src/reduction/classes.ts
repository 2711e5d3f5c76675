import { defineDeviceKernel, type Operand } from '../device-kernel.js';
import { countOf, eachElement } from '../shader/each-element.js';

/** Index of the first maximum along the last axis. */
export const argMax = defineDeviceKernel({
  plan({ inputs, outputs }) {
    const [x] = inputs as [Operand];
    const [y] = outputs as [Operand];
    return eachElement({
      reads: { x },
      writes: { y },
      params: { length: x.shape.at(-1) ?? 1 },
      ...countOf(y),
      body: `let at = i * p.length;
var best = 0u;
for (var j = 1u; j < p.length; j++) { if (x_at(at + j) > x_at(at + best)) { best = j; } }
y_put(i, f32(best));`,
    });
  },
});

/** Labels [..] to rows [.., depth] with a 1 at the label; a label that is no class leaves its row at 0. */
export const oneHot = defineDeviceKernel<{ depth: number }>({
  plan({ inputs, outputs, attributes: { depth } }) {
    const [labels] = inputs as [Operand];
    const [y] = outputs as [Operand];
    return eachElement({
      reads: { labels },
      writes: { y },
      params: { depth },
      ...countOf(y),
      body: 'y_put(i, select(0.0, 1.0, labels_at(i / p.depth) == f32(i % p.depth)));',
    });
  },
});
