import { ValueError } from '../errors.js';
import type { Part, PartKind, Plugin } from './plugin.js';

/** The parts of an engine's plugins, by kind and name. */
export class PartIndex {
  readonly plugins: readonly Plugin[];
  readonly #parts = new Map<string, Part>();

  /** @throws ValueError when two plugins have one name, or a part of one kind and name */
  constructor(plugins: readonly Plugin[]) {
    const names = new Set<string>();
    for (const plugin of plugins) {
      if (!plugin || typeof plugin.name !== 'string' || !Array.isArray(plugin.parts)) {
        throw new ValueError('createEngine: plugins must be values made by definePlugin', 'PLUGIN');
      }
      if (names.has(plugin.name))
        throw new ValueError(`createEngine: plugin '${plugin.name}' is listed twice`, 'PLUGIN_DUPLICATE');
      names.add(plugin.name);
      for (const part of plugin.parts) this.#add(part, plugin);
    }
    this.plugins = plugins;
  }

  #add(part: Part, plugin: Plugin): void {
    const key = `${part.kind} ${part.name}`;
    const present = this.#parts.get(key);
    if (present) {
      throw new ValueError(
        `${part.kind} '${part.name}' is in plugin '${present.home.plugin?.name}' and in plugin '${plugin.name}'; ` +
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
      `no ${kind === 'op' ? 'activation or op' : kind} is called '${name}'; known: ${known.toSorted().join(', ')}. ` +
        `A name from a plugin needs createEngine({ plugins: [...] })`,
      'UNKNOWN_NAME',
    );
  }
}
