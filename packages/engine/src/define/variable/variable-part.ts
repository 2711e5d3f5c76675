import type { Variable } from './variable.js';
import { sizeOf } from '../op/shape.js';

/** One piece of a partitioned variable: a window onto the whole, which is what ops, constraints and files see. */
export class VariablePart {
  /** `SCOPE/NAME/part_I:0` */
  readonly name: string;
  readonly shape: readonly number[];
  readonly #whole: Variable;
  readonly #axis: number;
  readonly #begin: number;

  constructor(whole: Variable, index: number, axis: number, begin: number, length: number) {
    this.name = whole.name.replace(/:0$/, `/part_${index}:0`);
    this.shape = whole.shape.map((d, i) => (i === axis ? length : d));
    this.#whole = whole;
    this.#axis = axis;
    this.#begin = begin;
  }

  /** A copy of the committed values, in C order; taken between two steps when a run is under way. */
  async data(): Promise<Float32Array> {
    return this.#cut(await this.#whole.data());
  }

  /** A copy of the values at once. @throws RuntimeError while a run that writes is under way: use `data()` then */
  dataSync(): Float32Array {
    return this.#cut(this.#whole.dataSync());
  }

  #cut(values: Float32Array): Float32Array {
    const inner = sizeOf(this.#whole.shape.slice(this.#axis + 1));
    const stride = (this.#whole.shape[this.#axis] as number) * inner;
    const length = (this.shape[this.#axis] as number) * inner;
    const cut = new Float32Array(sizeOf(this.shape));
    for (let row = 0; row * length < cut.length; row++) {
      const start = row * stride + this.#begin * inner;
      cut.set(values.subarray(start, start + length), row * length);
    }
    return cut;
  }
}

export function partsOf(variable: Variable): VariablePart[] {
  const { partition } = variable;
  if (partition === null) return [];
  let begin = 0;
  return partition.sizes.map((length, i) => {
    const part = new VariablePart(variable, i, partition.axis, begin, length);
    begin += length;
    return part;
  });
}
