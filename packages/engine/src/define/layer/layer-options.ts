import { ValueError } from '../../errors.js';
import { describeValue } from '../plugin/describe-value.js';
import type { RegularizerOption } from './named-parts.js';
import { checkNumber } from '../plugin/options.js';
import { checkExampleShape, type DType } from '../op/shape.js';
import type { VariableScope } from '../variable/variable-scope.js';

/** Options that every layer takes. */
export interface LayerOptions {
  /** Default: made of the layer's kind, unique in its engine. */
  name?: string | null;
  /** Whether `fit` changes its weights. Default: true. */
  trainable?: boolean;
  /** Of weights and computation: only 'float32', the default. */
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

/** @throws ValueError for an option whose value is none */
export function checkLayerOptions({ name, dtype, inputShape, batchSize }: LayerOptions): void {
  const [givenName, givenType]: unknown[] = [name ?? null, dtype ?? null];
  if (givenName !== null && (typeof givenName !== 'string' || givenName === '')) {
    throw new ValueError(`name must be a non-empty string, got ${describeValue(givenName)}`, 'OPTION');
  }
  if (givenType !== null && givenType !== 'float32') {
    throw new ValueError(`dtype must be 'float32' or null, got ${describeValue(givenType)}`, 'OPTION');
  }
  if (inputShape !== undefined) checkExampleShape('inputShape', inputShape);
  if (batchSize !== undefined && batchSize !== null) checkNumber('batchSize', batchSize, 'a positive integer');
}
