import {
  add,
  checkNumber,
  defineLayer,
  formatShape,
  Layer,
  matmul,
  resolveActivation,
  ValueError,
  type ActivationOption,
  type ConstraintOption,
  type InitializerOption,
  type LayerFactory,
  type LayerOptions,
  type RegularizerOption,
  type Shape,
  type SymbolicTensor,
  type Variable,
} from '@convoy/engine';

/** The size of a dense layer, and what is done to its weights; `units` is needed. */
export interface DenseOptions extends LayerOptions {
  /** Length of the output's last axis. */
  units: number;
  /** Applied to the output, after the bias. Default: none. */
  activation?: ActivationOption | null;
  /** Default: true. */
  useBias?: boolean;
  /** Default: that of the variable scope, else 'glorotUniform'. */
  kernelInitializer?: InitializerOption | null;
  /** Default: 'zeros'; null as for the kernel. */
  biasInitializer?: InitializerOption | null;
  /** Maps the kernel after each update to the one that is kept. */
  kernelConstraint?: ConstraintOption | null;
  /** Maps the bias after each update to the one that is kept. */
  biasConstraint?: ConstraintOption | null;
  /** A scalar made of the kernel, added to the training loss once. */
  kernelRegularizer?: RegularizerOption | null;
  /** A scalar made of the bias, added to the training loss once. */
  biasRegularizer?: RegularizerOption | null;
}

/** y = activation(x · kernel + bias) over the last axis: [batch, …, inputs] to [batch, …, units]. */
export class Dense extends Layer<DenseOptions> {
  /** Length of the output's last axis. */
  readonly units: number;
  /** [inputs, units]; null until the layer is built. */
  kernel: Variable | null = null;
  /** [units]; null until the layer is built, and without bias. */
  bias: Variable | null = null;

  /** @throws ValueError unless `units` is a positive integer */
  constructor(options: DenseOptions) {
    super(options);
    checkNumber('units', options.units, 'a positive integer');
    this.units = options.units;
    this.inputSpec = {};
  }

  override build(inputShape: Shape): void {
    const inputs = inputShape.at(-1);
    if (inputShape.length < 2 || typeof inputs !== 'number') {
      throw new ValueError(
        `the input must be [batch, …, inputs], got ${formatShape(inputShape)}; the last axis must be known`,
        'INPUT_RANK',
      );
    }
    const { options } = this;
    this.kernel = this.addVariable('kernel', [inputs, this.units], {
      initializer: options.kernelInitializer ?? null,
      regularizer: options.kernelRegularizer ?? null,
      constraint: options.kernelConstraint ?? null,
    });
    if (options.useBias ?? true) {
      this.bias = this.addVariable('bias', [this.units], {
        initializer: options.biasInitializer === undefined ? 'zeros' : options.biasInitializer,
        regularizer: options.biasRegularizer ?? null,
        constraint: options.biasConstraint ?? null,
      });
    }
    this.inputSpec = { rank: inputShape.length, axes: { [-1]: inputs } };
    this.built = true;
  }

  call(x: SymbolicTensor): SymbolicTensor {
    let y = matmul(x, this.kernel as Variable);
    if (this.bias) y = add(y, this.bias);
    const { activation = null } = this.options;
    return activation === null ? y : resolveActivation(this.host, activation)(y);
  }
}

/** A layer in which each output sees all inputs: [batch, …, inputs] to [batch, …, units]. */
export const dense: LayerFactory<DenseOptions, Dense> = defineLayer('dense', Dense, [
  'units',
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'biasConstraint',
]);
