import { ValueError } from '../errors.js';
import type { Shape } from './shape.js';

/** What a layer asks of an input: its rank, and lengths of single axes. */
export interface InputSpec {
  readonly rank: number;
  /** Axis (negative counts from the end) to length. */
  readonly axes?: Readonly<Record<number, number>>;
}

export function checkInputSpec(layer: string, index: number, spec: InputSpec, shape: Shape): void {
  const place = `Input ${index} of layer ${layer} is incompatible with the layer: `;
  const full = `[${shape.map((d) => d ?? 'null').join(', ')}]`;
  if (shape.length !== spec.rank) {
    throw new ValueError(
      `${place}expected ndim=${spec.rank}, found ndim=${shape.length}. Full shape received: ${full}`,
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
