import type { ConvolutionExports } from '../convolution/exports.js';
import type { MathExports } from '../elementwise/exports.js';
import type { MatrixExports } from '../matrix/exports.js';
import type { PiecesExports } from '../pieces/exports.js';
import type { PoolingExports } from '../pooling/exports.js';
import type { RandomExports } from '../random/exports.js';
import type { ReductionExports } from '../reduction/exports.js';
import type { SoftmaxExports } from '../softmax/exports.js';
import type { WinogradExports } from '../winograd/exports.js';

/** What assembly/index.ts exports. */
export type Exports = ConvolutionExports &
  MathExports &
  MatrixExports &
  PiecesExports &
  PoolingExports &
  RandomExports &
  ReductionExports &
  SoftmaxExports &
  WinogradExports;
