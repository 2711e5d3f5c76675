export { conv2d, conv2dScratch } from './convolution/forward';
export { conv2dFilterGradient, conv2dFilterGradientScratch } from './convolution/filter-gradient';
export { conv2dInputGradient, conv2dInputGradientScratch } from './convolution/input-gradient';
export { scatterInputGradient, scatterScratch } from './convolution/scatter';
export { exp4, log1p4, log4, tanh4 } from './math/exponential';
export { cos4, pow4, sin4 } from './math/lanes';
export { gemm, gemmScratch } from './matrix/gemm';
export { gemmRows } from './matrix/gemm-rows';
export { clear, copyBox } from './pieces/copy';
export { pool } from './pooling/pool';
export { randomUniform } from './random/uniform';
export { argMax, oneHot } from './reduction/classes';
export { addRange, isFiniteRange } from './reduction/ranges';
export { reduceMax, reduceSum, sumColumns } from './reduction/reduce';
export {
  crossEntropy,
  crossEntropyGradient,
  sparseCrossEntropy,
  sparseCrossEntropyGradient,
} from './softmax/cross-entropy';
export { softmax, softmaxGradient } from './softmax/softmax';
export { correlateTiles, winogradScratch } from './winograd/correlate';
export { filterGradientTiles, winogradFilterScratch } from './winograd/filter-gradient';
