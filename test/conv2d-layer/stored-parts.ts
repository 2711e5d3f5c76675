import {
  defineConstraint,
  defineInitializer,
  defineOp,
  definePlugin,
  defineRegularizer,
  max,
  mul,
  reduceSum,
  sigmoid,
  type SymbolicTensor,
} from '@convoy/engine';

/** x · sigmoid(1.7·x) */
export const quickGelu = defineOp<[x: SymbolicTensor]>('quickGelu', {
  shape: ([x]) => x,
  lower: ([x]) => mul(x, sigmoid(mul(x, 1.7))),
});

export const ramp = defineInitializer<{ step?: number }>(
  'ramp',
  ({ step = 1 }) =>
    ({ shape }) =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i * step),
  ['step'],
);

export const total = defineRegularizer<{ factor?: number }>(
  'total',
  ({ factor = 1 }) =>
    (w) =>
      mul(reduceSum(w), factor),
  ['factor'],
);

export const atLeast = defineConstraint<{ floor?: number }>(
  'atLeast',
  ({ floor = 0 }) =>
    (w) =>
      max(w, floor),
  ['floor'],
);

/** One part of each kind that a layer takes, as a plugin of a user. */
export const ownParts = definePlugin({ name: 'own-parts', parts: [quickGelu, ramp, total, atLeast] });

/** Belongs to no plugin. */
export const homeless = defineConstraint('homeless', () => (w) => max(w, 0));
