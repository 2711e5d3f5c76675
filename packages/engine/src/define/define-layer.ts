import { checkOptions } from './options.js';
import { LAYER_OPTIONS, type Layer, type LayerOptions } from './layer.js';
import { asPart, type Part } from './plugin.js';

/** Options may be left out where none is required. */
export type OptionsArguments<O> = Partial<O> extends O ? [options?: O] : [options: O];

export interface LayerFactory<O extends LayerOptions, L extends Layer> extends Part {
  (...options: OptionsArguments<O>): L;
}

/**
 * Makes the factory of a layer class; `known` lists its own options, so that any other is refused.
 *
 * ```ts
 * class Scale extends Layer<LayerOptions & { factor: number }> {
 *   call(x: SymbolicTensor) { return mul(x, this.options.factor); }
 * }
 * export const scale = defineLayer('scale', Scale, ['factor']);
 * ```
 */
export function defineLayer<O extends LayerOptions, L extends Layer>(
  name: string,
  layerClass: new (options: O) => L,
  known: readonly Exclude<keyof O, keyof LayerOptions>[] = [],
): LayerFactory<O, L> {
  const made: LayerFactory<O, L> = asPart('layer', name, (...[options]: OptionsArguments<O>): L => {
    const given = (options ?? {}) as O;
    checkOptions(name, given, [...known.map(String), ...LAYER_OPTIONS]);
    const layer = new layerClass(given);
    layer.part = made;
    return layer;
  });
  return made;
}
