/** A kernel whose shader does not compile, and one that is not for a device. */
import { countOf, defineDeviceKernel, eachElement } from '@convoy/backend-webgpu/authoring';

const reduceMax = defineDeviceKernel({
  plan: ({ inputs: [x], outputs: [y] }) =>
    eachElement({ reads: { x }, writes: { y }, params: {}, ...countOf(y), body: 'y_put(i, nonsense);' }),
});

export default () => ({ reduceMax, reduceSum: { bind: () => () => undefined } });
