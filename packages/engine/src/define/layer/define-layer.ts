import { inPlace, ValueError } from '../../errors.js';
import { linear } from '../../standard/ops/activations.js';
import { describeValue } from '../plugin/describe-value.js';
import { partFinder } from '../plugin/find-part.js';
import { Layer } from './layer.js';
import { LAYER_OPTIONS, type LayerOptions } from './layer-options.js';
import { checkKeys } from '../plugin/options.js';
import { valueFromJson } from '../plugin/part-json.js';
import { asPart, checkName, type Part, type Plugin } from '../plugin/plugin.js';

/** The arguments of a factory: options may be left out where none is required. */
export type OptionsArguments<O> = Partial<O> extends O ? [options?: O] : [options: O];

/** Makes a layer of its options; it belongs to no engine yet. Made by `defineLayer`, listed in a plugin. */
export interface LayerFactory<O extends LayerOptions, L extends Layer> extends Part {
  /** @throws UnknownOptionError for an option that the layer does not take, ValueError for a value that will not do */
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
  checkName('layer', name);
  checkClass(name, layerClass);
  const create = (...[options]: OptionsArguments<O>): L => {
    const given = (options === undefined ? {} : options) as O;
    return inPlace(placeOf(name, given), () => {
      checkKeys(given, [...known.map(String), ...LAYER_OPTIONS]);
      const layer = new layerClass(given);
      if (!('call' in layer)) throw new ValueError('its class has no `call`, the computation in ops', 'LAYER');
      layer.part = made;
      return layer;
    });
  };
  const fromConfig: LayerFactory<O, L>['fromConfig'] = (config, { plugins = [] } = {}) => {
    // The layer's own plugin and the engine's own, which is where its ops live.
    const all = new Set([linear.home.plugin, made.home.plugin, ...plugins].filter((plugin) => plugin !== null));
    return create(...([valueFromJson(config, partFinder(`${name}.fromConfig`, [...all]))] as OptionsArguments<O>));
  };
  const made: LayerFactory<O, L> = Object.assign(asPart('layer', name, create), { fromConfig });
  return made;
}

/** "dense", or "dense 'scores'" of options with a name. */
function placeOf(kind: string, options: LayerOptions | null): string {
  const name: unknown = options?.name;
  return typeof name === 'string' ? `${kind} '${name}'` : kind;
}

function checkClass(name: string, given: unknown): void {
  if (typeof given === 'function' && given.prototype instanceof Layer) return;
  throw new ValueError(
    `layer '${name}': its class must be one that extends Layer, got ${describeValue(given)}`,
    'LAYER',
  );
}
