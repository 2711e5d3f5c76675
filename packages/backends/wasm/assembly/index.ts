export { conv2d, conv2dScratch } from './convolution/forward';
export { conv2dFilterGradient, conv2dFilterGradientScratch } from './convolution/filter-gradient';
export { conv2dInputGradient, conv2dInputGradientScratch } from './convolution/input-gradient';
export { gemm, gemmScratch } from './matrix/gemm';
export { addRange, isFiniteRange } from './reduction/ranges';
export { correlateTiles, winogradScratch } from './winograd/correlate';
export { filterGradientTiles, winogradFilterScratch } from './winograd/filter-gradient';
export { exp4, log1p4, log4, tanh4 } from './math/exponential';
export { cos4, pow4, sin4 } from './math/lanes';
