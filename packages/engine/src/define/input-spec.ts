import { ValueError } from '../errors.js';
import { formatShape, type Shape } from './shape.js';

/** What a layer of one input asks of it: its rank, and lengths of single axes. */
export interface InputSpec {
  /** Default: any. */
  readonly rank?: number;
  /** Axis (negative counts from the end) to length. */
  readonly axes?: Readonly<Record<number, number>>;
}

/** @throws ValueError in TensorFlow's words, with the remedy */
export function checkInputSpec(layer: string, spec: InputSpec, shapes: readonly Shape[]): void {
  const [shape] = shapes;
  if (shape === undefined || shapes.length > 1) {
    throw new ValueError(
      `the layer takes one input, got ${shapes.length}: ${shapes.map(formatShape).join(', ')}`,
      'INPUT_COUNT',
    );
  }
  const place = `Input 0 of layer ${layer} is incompatible with the layer: `;
  const full = `[${shape.map((d) => d ?? 'null').join(', ')}]`;
  if (spec.rank !== undefined && shape.length !== spec.rank) {
    throw new ValueError(
      `${place}expected ndim=${spec.rank}, found ndim=${shape.length}. Full shape received: ${full}. ` +
        `Change the layer before it, or the inputShape of a first layer`,
      'INPUT_RANK',
    );
  }
  for (const [axis, length] of Object.entries(spec.axes ?? {})) {
    if (shape.at(Number(axis)) !== length) {
      throw new ValueError(
        `${place}expected axis ${axis} of input shape to have value ${length} but received input with shape ${full}`,
        'INPUT_AXIS',
      );
    }
  }
}
