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
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
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

  protected get window() {
    const { poolSize, strides, padding, dataFormat } = this;
    return { poolSize, strides, padding, dataFormat };
  }
}

/** Largest element of each window. */
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

export const maxPooling2d: LayerFactory<Pooling2dOptions, MaxPooling2D> = defineLayer(
  'maxPooling2d',
  MaxPooling2D,
  OPTIONS,
);

export const averagePooling2d: LayerFactory<Pooling2dOptions, AveragePooling2D> = defineLayer(
  'averagePooling2d',
  AveragePooling2D,
  OPTIONS,
);
