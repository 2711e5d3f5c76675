import {
  defineLayer,
  Layer,
  positivePair,
  spelledDataFormat,
  spelledPadding,
  type DataFormat,
  type DataFormatOption,
  type LayerFactory,
  type LayerOptions,
  type Pair,
  type SymbolicTensor,
} from '@convoy/engine';
import { averagePool2d, maxPool2d } from './pooling-op.js';

/** The window of a pooling layer. */
export interface Pooling2dOptions extends LayerOptions {
  /** Height and width of the window; one number for both. Default: [2, 2]. */
  poolSize?: number | Pair;
  /** Default: the pool size, so that windows do not overlap. */
  strides?: number | Pair | null;
  /** Default: 'valid'. */
  padding?: 'valid' | 'same';
  /** Default: 'channelsLast', [batch, height, width, channels]. */
  dataFormat?: DataFormatOption;
}

/** What both pooling layers share: the options of the window. Input and output have rank 4. */
abstract class Pooling2D extends Layer<Pooling2dOptions> {
  /** A pair, also where one number was given. */
  readonly poolSize: Pair;
  /** A pair; the pool size unless given. */
  readonly strides: Pair;
  /** In lower case. */
  readonly padding: 'valid' | 'same';
  /** In the spelling of tfjs. */
  readonly dataFormat: DataFormat;

  /** @throws ValueError for sizes that are not positive integers and unknown formats */
  constructor(options: Pooling2dOptions) {
    super(options);
    this.poolSize = positivePair('poolSize', options.poolSize ?? 2);
    this.strides = positivePair('strides', options.strides ?? this.poolSize);
    this.padding = spelledPadding(options.padding ?? 'valid');
    this.dataFormat = spelledDataFormat(options.dataFormat ?? 'channelsLast');
    this.inputSpec = { rank: 4 };
  }

  /** The options of the op. @internal */
  protected get window() {
    const { poolSize, strides, padding, dataFormat } = this;
    return { poolSize, strides, padding, dataFormat };
  }
}

/** Largest element of each window; padding is never it. */
export class MaxPooling2D extends Pooling2D {
  call(x: SymbolicTensor): SymbolicTensor {
    return maxPool2d(x, this.window);
  }
}

/** Mean of each window, over the elements inside the image. */
export class AveragePooling2D extends Pooling2D {
  call(x: SymbolicTensor): SymbolicTensor {
    return averagePool2d(x, this.window);
  }
}

const OPTIONS = ['poolSize', 'strides', 'padding', 'dataFormat'] as const;

/** A layer that keeps the largest element of each window, channel by channel. */
export const maxPooling2d: LayerFactory<Pooling2dOptions, MaxPooling2D> = defineLayer(
  'maxPooling2d',
  MaxPooling2D,
  OPTIONS,
);

/** A layer that keeps the mean of each window, channel by channel; padding does not count. */
export const averagePooling2d: LayerFactory<Pooling2dOptions, AveragePooling2D> = defineLayer(
  'averagePooling2d',
  AveragePooling2D,
  OPTIONS,
);
