import { checkOptions } from './options.js';
import type { Layer } from './layer.js';
import { LAYER_OPTIONS, type LayerOptions } from './layer-options.js';
import { partFinder } from './find-part.js';
import { valueFromJson } from './part-json.js';
import { asPart, type Part, type Plugin } from './plugin.js';
import { standard } from '../standard/plugin.js';

/** Options may be left out where none is required. */
export type OptionsArguments<O> = Partial<O> extends O ? [options?: O] : [options: O];

export interface LayerFactory<O extends LayerOptions, L extends Layer> extends Part {
  (...options: OptionsArguments<O>): L;
  /**
   * Makes a layer of what `getConfig` gave. Parts are looked up in the given plugins.
   *
   * @throws ValueError naming the plugin that is missing
   */
  fromConfig(config: Readonly<Record<string, unknown>>, options?: { readonly plugins?: readonly Plugin[] }): L;
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
  const create = (...[options]: OptionsArguments<O>): L => {
    const given = (options ?? {}) as O;
    checkOptions(name, given, [...known.map(String), ...LAYER_OPTIONS]);
    const layer = new layerClass(given);
    layer.part = made;
    return layer;
  };
  const fromConfig: LayerFactory<O, L>['fromConfig'] = (config, { plugins = [] } = {}) => {
    const own = made.home.plugin;
    const all = new Set([standard, ...(own ? [own] : []), ...plugins]);
    return create(...([valueFromJson(config, partFinder(`${name}.fromConfig`, [...all]))] as OptionsArguments<O>));
  };
  const made: LayerFactory<O, L> = Object.assign(asPart('layer', name, create), { fromConfig });
  return made;
}
