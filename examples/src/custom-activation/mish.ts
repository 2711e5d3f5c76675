import { defineOp, definePlugin, mul, softplus, tanh, type SymbolicTensor } from '@convoy/engine';

/** Mish (Misra 2019): x · tanh(log(1 + eˣ)). The gradient follows from the ops that it lowers to. */
export const mish = defineOp<[x: SymbolicTensor]>('mish', {
  shape: ([x]) => x,
  lower: ([x]) => mul(x, tanh(softplus(x))),
});

/** Lets layers name it (`activation: 'mish'`) and saved models find it again. */
export const mishPlugin = definePlugin({ name: 'mish', parts: [mish] });
