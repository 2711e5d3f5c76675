import {
  add,
  AttributeError,
  axesOf,
  checkShape,
  defineLayer,
  formatShape,
  inPlace,
  Layer,
  reshape,
  resolveActivation,
  resolveWindow,
  ValueError,
  type ActivationOption,
  type ConstraintOption,
  type DataFormat,
  type InitializerOption,
  type LayerFactory,
  type Pair,
  type RegularizerOption,
  type Shape,
  type SymbolicTensor,
  type Variable,
} from '@convoy/engine';
import { conv2d as convolve } from './op.js';
import { checkedWindow, CONV2D_OPTIONS, type Conv2DOptions } from './options.js';
import { outputShape } from './shapes.js';

/**
 * Convolves images with a kernel [kernelHeight, kernelWidth, inChannels, filters], adds a bias and applies an
 * activation: TensorFlow 1.7's `tf.layers.Conv2D`. Input and output have rank 4, in the layer's data format.
 */
export class Conv2D extends Layer<Conv2DOptions> {
  /** Axes along which the kernel slides. */
  readonly rank = 2;
  /** Channels of the output. */
  readonly filters: number;
  /** A pair, also where one number was given. */
  readonly kernelSize: Pair;
  /** A pair, also where one number was given. */
  readonly strides: Pair;
  /** In lower case. */
  readonly padding: 'valid' | 'same';
  /** In the spelling of tfjs. */
  readonly dataFormat: DataFormat;
  /** A pair, also where one number was given. */
  readonly dilationRate: Pair;
  /** As given; null: none. */
  readonly activation: ActivationOption | null;
  /** Whether there is a bias. */
  readonly useBias: boolean;
  /** Null: that of the variable scope, else 'glorotUniform'. */
  readonly kernelInitializer: InitializerOption | null;
  /** 'zeros' unless given; null: that of the variable scope, else 'glorotUniform'. */
  readonly biasInitializer: InitializerOption | null;
  /** As given; null: none. */
  readonly kernelRegularizer: RegularizerOption | null;
  /** As given; null: none. */
  readonly biasRegularizer: RegularizerOption | null;
  /** As given; null: none. */
  readonly kernelConstraint: ConstraintOption | null;
  /** As given; null: none. */
  readonly biasConstraint: ConstraintOption | null;
  /** [kernelHeight, kernelWidth, inChannels, filters]; null until the layer is built. */
  kernel: Variable | null = null;
  /** [filters]; null until the layer is built, and without bias. */
  bias: Variable | null = null;

  /** @throws ValueError for sizes that are not positive integers, unknown formats, strides together with dilation */
  constructor(options: Conv2DOptions) {
    super(options);
    ({
      filters: this.filters,
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      dataFormat: this.dataFormat,
      dilationRate: this.dilationRate,
    } = checkedWindow(options));
    this.activation = options.activation ?? null;
    this.useBias = options.useBias === undefined ? true : Boolean(options.useBias);
    this.kernelInitializer = options.kernelInitializer ?? null;
    this.biasInitializer = options.biasInitializer === undefined ? 'zeros' : options.biasInitializer;
    this.kernelRegularizer = options.kernelRegularizer ?? null;
    this.biasRegularizer = options.biasRegularizer ?? null;
    this.kernelConstraint = options.kernelConstraint ?? null;
    this.biasConstraint = options.biasConstraint ?? null;
    this.inputSpec = { rank: 4 };
  }

  /**
   * Makes kernel and bias for inputs of a shape, `null` for the batch. Refuses before any variable is made.
   *
   * @throws ValueError when the rank is not 4, the channels are unknown, or the kernel is larger than the input
   */
  override build(inputShape: Shape): void {
    this.computeOutputShape(inputShape);
    const channels = this.#channelsOf(inputShape);
    this.allOrNothing(() => this.#makeWeights(channels));
    this.inputSpec = { rank: 4, axes: { [this.dataFormat === 'channelsLast' ? -1 : 1]: channels } };
    this.built = true;
  }

  #makeWeights(channels: number): void {
    this.kernel = this.addVariable('kernel', [...this.kernelSize, channels, this.filters], {
      initializer: this.kernelInitializer,
      regularizer: this.kernelRegularizer,
      constraint: this.kernelConstraint,
    });
    this.bias = this.useBias
      ? this.addVariable('bias', [this.filters], {
          initializer: this.biasInitializer,
          regularizer: this.biasRegularizer,
          constraint: this.biasConstraint,
        })
      : null;
  }

  /** Convolution, bias, activation. @throws AttributeError before the layer is built */
  call(x: SymbolicTensor): SymbolicTensor {
    const { kernel, bias, strides, padding, dilationRate, dataFormat, activation } = this;
    if (!kernel) {
      throw new AttributeError(
        `layer '${this.label}' has no kernel yet; use \`apply\`, which builds it, or call \`build(inputShape)\` first`,
        'UNBUILT',
      );
    }
    let y = convolve(x, kernel, { strides, padding, dilationRate, dataFormat });
    if (bias) y = add(y, dataFormat === 'channelsLast' ? bias : reshape(bias.node, { shape: [this.filters, 1, 1] }));
    return activation === null ? y : resolveActivation(this.host, activation)(y);
  }

  /**
   * The output's shape for an input's, `null` for the batch or an unknown height or width; needs no engine.
   *
   * @throws ValueError when the rank is not 4 or the kernel is larger than the input
   */
  override computeOutputShape(inputShape: Shape): Shape {
    return inPlace(`layer '${this.label}'`, () => {
      this.#checkRank(inputShape);
      const channels = inputShape[axesOf(this.dataFormat).channels] ?? null;
      const window = resolveWindow(this, inputShape, this.kernelSize);
      return outputShape(inputShape, [...this.kernelSize, channels, this.filters], window);
    });
  }

  /** Every argument, normalised. @throws ValueError naming the argument that cannot be stored */
  override getConfig(): Record<string, unknown> {
    const { options } = this;
    const all = Object.fromEntries(CONV2D_OPTIONS.map((name) => [name, this[name]]));
    return this.configOf({ ...options, ...all });
  }

  #checkRank(inputShape: unknown): void {
    if (typeof inputShape === 'string') {
      throw new TypeError(`layer '${this.label}': the input's shape must be a list of 4 lengths, got '${inputShape}'`);
    }
    if (!Array.isArray(inputShape) || inputShape.length !== 4) {
      const got = Array.isArray(inputShape) ? formatShape(inputShape as Shape) : 'an unknown rank';
      throw new ValueError(`input tensor must have rank 4, got ${got}`, 'INPUT_RANK');
    }
    checkShape(inputShape.map((d, axis) => (axis === 0 ? d : (d ?? 0))));
  }

  #channelsOf(inputShape: Shape): number {
    const channels = inputShape[axesOf(this.dataFormat).channels];
    if (typeof channels === 'number') return channels;
    throw new ValueError('The channel dimension of the inputs should be defined. Found `null`.', 'INPUT_CHANNELS');
  }
}

/** A 2-D convolution layer, as TensorFlow's `tf.layers.Conv2D`. */
export const conv2d: LayerFactory<Conv2DOptions, Conv2D> = defineLayer('conv2d', Conv2D, CONV2D_OPTIONS);
