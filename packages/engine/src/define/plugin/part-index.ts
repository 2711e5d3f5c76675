import { ValueError } from '../../errors.js';
import { describeValue } from './describe-value.js';
import { didYouMean } from './nearest-name.js';
import type { Part, PartKind, Plugin } from './plugin.js';

/** The parts of an engine's plugins, by kind and name. */
export class PartIndex {
  readonly plugins: readonly Plugin[];
  readonly #parts = new Map<string, Part>();

  /**
   * @param where the call that was given the plugins, for messages
   * @throws ValueError when two plugins have one name, or a part of one kind and name
   */
  constructor(plugins: readonly Plugin[], where = 'createEngine') {
    const byName = new Map<string, Plugin>();
    for (const plugin of plugins) {
      if (!isPlugin(plugin)) {
        throw new ValueError(`${where}: plugins must be made by definePlugin, got ${describeValue(plugin)}`, 'PLUGIN');
      }
      const { name } = plugin;
      const twin = byName.get(name);
      if (twin) {
        throw new ValueError(
          twin === plugin
            ? `${where}: plugin '${name}' is listed twice`
            : `${where}: two plugins are called '${name}'; rename one of them`,
          'PLUGIN_DUPLICATE',
        );
      }
      byName.set(name, plugin);
      for (const part of plugin.parts) this.#add(where, part, plugin);
    }
    this.plugins = plugins;
  }

  #add(where: string, part: Part, plugin: Plugin): void {
    const key = `${part.kind} ${part.name}`;
    const present = this.#parts.get(key);
    if (present) {
      throw new ValueError(
        `${where}: ${part.kind} '${part.name}' is in plugin '${present.home.plugin?.name}' and in plugin '${plugin.name}'; ` +
          `rename one of them`,
        'PLUGIN_DUPLICATE',
      );
    }
    this.#parts.set(key, part);
  }

  lookup(kind: PartKind, name: string): Part {
    const part = this.#parts.get(`${kind} ${name}`);
    if (part) return part;
    const known = [...this.#parts.values()].filter((p) => p.kind === kind).map((p) => p.name);
    throw new ValueError(
      `no ${kind === 'op' ? 'activation or op' : kind} is called '${name}'.${didYouMean(name, known)} ` +
        `Known: ${known.toSorted().join(', ') || 'none'}. A name from a plugin needs createEngine({ plugins: [...] })`,
      'UNKNOWN_NAME',
    );
  }
}

function isPlugin(value: Plugin | undefined): value is Plugin {
  return typeof value === 'object' && typeof value?.name === 'string' && Array.isArray(value.parts);
}
