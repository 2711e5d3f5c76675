import { RuntimeError } from '../errors.js';

/** The error of a step that was not done, because the loss or a gradient is not finite. @param step - steps done before it */
export function nonFiniteStep(step: number): RuntimeError {
  return new RuntimeError(
    `step ${step + 1}: the loss or a gradient is not finite, so the step was not done; the weights are those after ` +
      `step ${step}. Lower the learning rate, or look for extreme values in the data`,
    'NON_FINITE',
  );
}
