/** A kernel whose shader does not compile, one that is not for a device, and one that is refused when a step is recorded. */
import { countOf, defineDeviceKernel, eachElement } from '@convoy/backend-webgpu/authoring';

const reduceMax = defineDeviceKernel({
  plan: ({ inputs: [x], outputs: [y] }) =>
    eachElement({ reads: { x }, writes: { y }, params: {}, ...countOf(y), body: 'y_put(i, nonsense);' }),
});

/** More workgroups than a grid may have: shader and bindings are all right. */
const softmax = defineDeviceKernel({
  plan: ({ inputs: [x], outputs: [y] }) =>
    eachElement({ reads: { x }, writes: { y }, params: {}, ...countOf(y), body: 'y_put(i, x_at(i));' }).map(
      (dispatch) => ({ ...dispatch, groups: [70_000, 1, 1] }),
    ),
});

export default () => ({ reduceMax, softmax, reduceSum: { bind: () => () => undefined } });
