import {
  checkNumber,
  defineLayer,
  greaterEqual,
  Layer,
  mul,
  randomUniform,
  whenTraining,
  type LayerFactory,
  type LayerOptions,
  type SymbolicTensor,
} from '@convoy/engine';

/** How much a dropout layer drops. */
export interface DropoutOptions extends LayerOptions {
  /** Share of elements that are set to 0 while training; in [0, 1). */
  rate: number;
}

/**
 * While training sets each element to 0 with probability `rate` and multiplies the others by 1 / (1 − rate); passes
 * everything otherwise. Which elements is a function of (seed, layer, step, example, element).
 */
export class Dropout extends Layer<DropoutOptions> {
  /** @throws ValueError unless 0 <= rate < 1 */
  constructor(options: DropoutOptions) {
    super(options);
    checkNumber('rate', options.rate, 'a number in [0, 1)');
    this.inputSpec = {};
  }

  call(x: SymbolicTensor): SymbolicTensor {
    const { rate } = this.options;
    if (rate === 0) return x;
    const kept = greaterEqual(randomUniform(x.shape), rate);
    return whenTraining(mul(x, mul(kept, 1 / (1 - rate))), x);
  }
}

/** A layer that drops elements while training, and only then. */
export const dropout: LayerFactory<DropoutOptions, Dropout> = defineLayer('dropout', Dropout, ['rate']);
