import { ValueError } from '../../errors.js';
import { formatShape, type DType, type Shape } from '../op/shape.js';

/** What a layer of one input asks of it; what is left out may be anything. */
export interface InputSpec {
  readonly rank?: number;
  readonly minRank?: number;
  readonly maxRank?: number;
  readonly dtype?: DType;
  /** The whole shape; null for any length. */
  readonly shape?: Shape;
  /** Axis (negative counts from the end) to length. */
  readonly axes?: Readonly<Record<number, number>>;
}

interface Given {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** @throws ValueError in TensorFlow's words, with the remedy */
export function checkInputSpec(layer: string, spec: InputSpec, inputs: readonly Given[]): void {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new ValueError(
      `layer '${layer}' takes one input, got ${inputs.length}: ${inputs.map((x) => formatShape(x.shape)).join(', ')}`,
      'INPUT_COUNT',
    );
  }
  const { shape, dtype } = input;
  const full = text(shape);
  const { rank, minRank, maxRank } = spec;
  const refuse = (why: string, code: string): never => {
    throw new ValueError(`Input 0 of layer ${layer} is incompatible with the layer: ${why}`, code);
  };
  const refuseRank = (expected: string): never =>
    refuse(
      `expected ${expected}, found ndim=${shape.length}. Full shape received: ${full}. ` +
        `Change the layer before it, or the inputShape of a first layer`,
      'INPUT_RANK',
    );
  if (rank !== undefined && shape.length !== rank) refuseRank(`ndim=${rank}`);
  if (minRank !== undefined && shape.length < minRank) refuseRank(`minNdim=${minRank}`);
  if (maxRank !== undefined && shape.length > maxRank) refuseRank(`maxNdim=${maxRank}`);
  if (spec.dtype !== undefined && spec.dtype !== dtype) {
    refuse(`expected dtype=${spec.dtype}, found dtype=${dtype}`, 'INPUT_DTYPE');
  }
  for (const [axis, length] of Object.entries(spec.axes ?? {})) {
    if (shape.at(Number(axis)) === length) continue;
    refuse(
      `expected axis ${axis} of input shape to have value ${length} but received input with shape ${full}`,
      'INPUT_AXIS',
    );
  }
  const fits = spec.shape?.length === shape.length && spec.shape.every((d, i) => d === null || d === shape[i]);
  if (spec.shape && !fits) refuse(`expected shape=${text(spec.shape)}, found shape=${full}`, 'INPUT_SHAPE');
}

function text(shape: Shape): string {
  return `[${shape.map((d) => d ?? 'null').join(', ')}]`;
}
