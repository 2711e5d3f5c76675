import type { RegularizerOption } from './named-parts.js';
import type { DType } from './shape.js';
import type { VariableScope } from './variable-scope.js';

/** Options that every layer takes. */
export interface LayerOptions {
  /** Default: made of the layer's kind, unique in its engine. */
  name?: string | null;
  /** Whether `fit` changes its weights. Default: true. */
  trainable?: boolean;
  /** Of weights and computation. Default: that of the first input. */
  dtype?: DType | null;
  /** Shape of one example; needed on the first layer of a sequential model. */
  inputShape?: readonly number[];
  /** Examples of a batch, where that is fixed; kept in `batchInputShape`. Default: null, any number. */
  batchSize?: number | null;
  /** Of the layer's variables, as it stands. Default: made of the name, unique in the scope outside. */
  scope?: string | VariableScope | null;
  /** Whether the layer's variables are those that its scope has already; it then owns none. Default: false. */
  reuse?: boolean | null;
  /** A scalar made of each output, added to the training loss: a sum over the batch, not divided by its size. */
  activityRegularizer?: RegularizerOption | null;
}

export const LAYER_OPTIONS = [
  'name',
  'trainable',
  'dtype',
  'inputShape',
  'batchSize',
  'scope',
  'reuse',
  'activityRegularizer',
] as const;
