/** The parts of the example that its tests read. */
export { confusionMatrix, formatConfusionMatrix } from './confusion-matrix.js';
export { loadDataSet, type LabelledImages } from './data-set.js';
export { drawImage } from './draw-image.js';
export { paintWith } from './paint.js';
export { accuracyOf, mostInteresting, predictionsOf, type Prediction } from './predictions.js';
export { progressLine } from './progress-bar.js';
export { buildNetwork, plugins } from './network.js';
export { progressOf, type Progress } from './progress.js';
export { sideBySide } from './side-by-side.js';
export { splitByContent } from './split.js';
