import { ValueError } from '../errors.js';
import { PartIndex } from './part-index.js';
import type { FindPart } from './part-json.js';
import type { Plugin } from './plugin.js';

/** Finds stored parts in plugins. */
export function partFinder(where: string, plugins: readonly Plugin[]): FindPart {
  const index = new PartIndex(plugins);
  return (part) => {
    if (!plugins.some((plugin) => plugin.name === part.plugin)) {
      throw new ValueError(
        `${where}: ${part.kind} '${part.name}' is in plugin '${part.plugin}', which is not given; ` +
          `list it in createEngine({ plugins }) or in the plugins of this call`,
        'PLUGIN_MISSING',
      );
    }
    return index.lookup(part.kind, part.name);
  };
}
