import {
  defineLayer,
  Layer,
  reshape,
  type InputSpec,
  type LayerFactory,
  type LayerOptions,
  type SymbolicTensor,
} from '@convoy/engine';

/** [batch, …] to [batch, product of the rest], in C order. */
export class Flatten extends Layer {
  override inputSpec: InputSpec | null = {};

  call(x: SymbolicTensor): SymbolicTensor {
    const perExample = x.shape.slice(1).reduce<number>((n, d) => n * (d as number), 1);
    return reshape(x, { shape: [x.shape[0], perExample] });
  }
}

/** A layer that gives each example one axis: [batch, …] to [batch, product of the rest]. */
export const flatten: LayerFactory<LayerOptions, Flatten> = defineLayer('flatten', Flatten);
