import {
  add,
  axesOf,
  checkDataFormat,
  defineLayer,
  formatShape,
  Layer,
  positivePair,
  reshape,
  resolveActivation,
  resolveWindow,
  sizesOf,
  ValueError,
  type ActivationOption,
  type ConstraintOption,
  type DataFormat,
  type InitializerOption,
  type LayerFactory,
  type LayerOptions,
  type Pair,
  type Shape,
  type SymbolicTensor,
  type Variable,
} from '@convoy/engine';
import { conv2d as convolve } from './op.js';
import { outputShape } from './shapes.js';

export interface Conv2DOptions extends LayerOptions {
  /** Channels of the output: length of the last axis of the kernel, and of the bias. */
  filters: number;
  /** Height and width of the kernel; one number for both. */
  kernelSize: number | Pair;
  /** Default: [1, 1]. Strides above 1 do not go together with dilation rates above 1. */
  strides?: number | Pair;
  /** Default: 'valid'. */
  padding?: 'valid' | 'same';
  /** Default: 'channelsLast', [batch, height, width, channels]. */
  dataFormat?: DataFormat;
  /** Default: [1, 1]. */
  dilationRate?: number | Pair;
  /** Applied to the output, after the bias. Default: none. */
  activation?: ActivationOption | null;
  /** Default: true. */
  useBias?: boolean;
  /** Default: 'glorotUniform'. */
  kernelInitializer?: InitializerOption;
  /** Default: 'zeros'. */
  biasInitializer?: InitializerOption;
  /** Maps the kernel after each update to the one that is kept. */
  kernelConstraint?: ConstraintOption | null;
  /** Maps the bias after each update to the one that is kept. */
  biasConstraint?: ConstraintOption | null;
}

/**
 * Convolves images with a kernel [kernelHeight, kernelWidth, inChannels, filters], adds a bias and applies an
 * activation. Input and output have rank 4, in the layer's data format.
 */
export class Conv2D extends Layer<Conv2DOptions> {
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
  readonly dataFormat: DataFormat;
  readonly dilationRate: Pair;
  readonly useBias: boolean;
  kernel: Variable | null = null;
  bias: Variable | null = null;

  /** @throws ValueError for sizes that are not positive integers, unknown formats, strides together with dilation */
  constructor(options: Conv2DOptions) {
    super(options);
    const where = options.name ? `conv2d '${options.name}'` : 'conv2d';
    if (!Number.isInteger(options.filters) || options.filters < 1) {
      throw new ValueError(
        `${where}: filters must be a positive integer. Received: ${String(options.filters)}`,
        'OPTION',
      );
    }
    this.filters = options.filters;
    this.kernelSize = positivePair(where, 'kernelSize', options.kernelSize);
    this.strides = positivePair(where, 'strides', options.strides ?? 1);
    this.dilationRate = positivePair(where, 'dilationRate', options.dilationRate ?? 1);
    this.dataFormat = checkDataFormat(where, options.dataFormat ?? 'channelsLast');
    this.padding = options.padding ?? 'valid';
    if (this.padding !== 'valid' && this.padding !== 'same') {
      throw new ValueError(
        `${where}: the \`padding\` argument must be one of "valid", "same". Received: ${String(options.padding)}`,
        'OPTION',
      );
    }
    if (this.strides.some((n) => n > 1) && this.dilationRate.some((n) => n > 1)) {
      throw new ValueError(
        `${where}: strides > 1 not supported in conjunction with dilation_rate > 1. ` +
          `Received: strides [${this.strides.join(', ')}], dilationRate [${this.dilationRate.join(', ')}]`,
        'OPTION',
      );
    }
    this.useBias = options.useBias ?? true;
    this.inputSpec = { rank: 4 };
  }

  override build(inputShape: Shape): void {
    const channels = this.#channelsOf(inputShape);
    const { kernelInitializer, biasInitializer, kernelConstraint, biasConstraint } = this.options;
    // Refuses a kernel that does not fit before any variable is made.
    this.computeOutputShape(inputShape);
    this.kernel = this.addVariable('kernel', [...this.kernelSize, channels, this.filters], {
      initializer: kernelInitializer ?? 'glorotUniform',
      constraint: kernelConstraint ?? null,
    });
    if (this.useBias) {
      this.bias = this.addVariable('bias', [this.filters], {
        initializer: biasInitializer ?? 'zeros',
        constraint: biasConstraint ?? null,
      });
    }
    this.inputSpec = { rank: 4, axes: { [this.dataFormat === 'channelsLast' ? -1 : 1]: channels } };
  }

  call(x: SymbolicTensor): SymbolicTensor {
    const { kernel, bias, strides, padding, dilationRate, dataFormat } = this;
    let y = convolve(x, kernel as Variable, { strides, padding, dilationRate, dataFormat });
    if (bias) y = add(y, dataFormat === 'channelsLast' ? bias : reshape(bias.node, { shape: [this.filters, 1, 1] }));
    const { activation = null } = this.options;
    return activation === null ? y : resolveActivation(this.host, activation)(y);
  }

  /**
   * The output's shape for an input's, `null` for the batch; needs no engine.
   *
   * @throws ValueError when the rank is not 4 or the kernel is larger than the input
   */
  computeOutputShape(inputShape: Shape): Shape {
    const channels = this.#channelsOf(inputShape);
    const filter = [...this.kernelSize, channels, this.filters];
    const window = resolveWindow('conv2d', this, sizesOf(inputShape, this.dataFormat), this.kernelSize);
    return outputShape('conv2d', inputShape, filter, window);
  }

  #channelsOf(inputShape: Shape): number {
    if (inputShape.length !== 4) {
      throw new ValueError(`input tensor must have rank 4, got ${formatShape(inputShape)}`, 'INPUT_RANK');
    }
    const channels = inputShape[axesOf(this.dataFormat).channels];
    if (typeof channels !== 'number') {
      throw new ValueError('The channel dimension of the inputs should be defined. Found `null`.', 'INPUT_CHANNELS');
    }
    return channels;
  }
}

/** A 2-D convolution layer, as TensorFlow's `tf.layers.Conv2D`. */
export const conv2d: LayerFactory<Conv2DOptions, Conv2D> = defineLayer('conv2d', Conv2D, [
  'filters',
  'kernelSize',
  'strides',
  'padding',
  'dataFormat',
  'dilationRate',
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'kernelConstraint',
  'biasConstraint',
]);
