import {
  defineLayer,
  Layer,
  resolveActivation,
  ValueError,
  type ActivationOption,
  type LayerFactory,
  type LayerOptions,
  type SymbolicTensor,
} from '@convoy/engine';

/** What an activation layer applies. */
export interface ActivationOptions extends LayerOptions {
  /** An op of one input, its name, or a function in ops. */
  activation: ActivationOption;
}

/** Applies a function to each element, or, as softmax, to each row. Output has the shape of the input. */
export class Activation extends Layer<ActivationOptions> {
  /** @throws ValueError without an activation */
  constructor(options: ActivationOptions) {
    super(options);
    const given: unknown = options.activation ?? null;
    if (given === null) throw new ValueError("activation is needed, as in { activation: 'relu' }", 'OPTION');
    this.inputSpec = {};
  }

  call(x: SymbolicTensor): SymbolicTensor {
    return resolveActivation(this.host, this.options.activation)(x);
  }
}

/** A layer that applies an activation, as in `activation({ activation: 'relu' })`. */
export const activation: LayerFactory<ActivationOptions, Activation> = defineLayer('activation', Activation, [
  'activation',
]);
