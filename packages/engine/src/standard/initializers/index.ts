export { constant, ones, zeros } from './constant.js';
export { identity } from './identity.js';
export { orthogonal } from './orthogonal.js';
export { randomNormal, randomUniform, truncatedNormal } from './random.js';
export type { VarianceScalingOptions } from './variance-scaling.js';
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from './variance-scaling.js';
