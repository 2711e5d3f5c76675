import { ValueError } from '../../errors.js';
import { describeValue } from '../plugin/describe-value.js';
import { Layer } from './layer.js';

/** @throws ValueError for what is no layer, such as a factory that was not called */
export function checkLayer(what: string, given: unknown): asserts given is Layer {
  if (given instanceof Layer) return;
  throw new ValueError(
    `${what} must be a layer, as dense({ units: 10 }) makes one, got ${describeValue(given)}`,
    'LAYER',
  );
}

/** The shape of one example that a row of layers takes. @throws ValueError when it is no row of layers, or has none */
export function firstShape(layers: readonly Layer[]): readonly number[] {
  if (!Array.isArray(layers)) {
    throw new ValueError(`it takes a list of layers, got ${describeValue(layers)}`, 'MODEL');
  }
  layers.forEach((layer, i) => checkLayer(`layer ${i}`, layer));
  const [first] = layers as readonly Layer[];
  if (!first) throw new ValueError('at least one layer is needed', 'MODEL');
  const shape = first.options.inputShape;
  if (shape) return shape;
  throw new ValueError(`the first layer '${first.label}' needs inputShape, the shape of one example`, 'INPUT_SHAPE');
}
