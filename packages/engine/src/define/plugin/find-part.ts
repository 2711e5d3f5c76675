import { ValueError } from '../../errors.js';
import { PartIndex } from './part-index.js';
import type { FindPart } from './part-json.js';
import type { Plugin } from './plugin.js';

/** Finds stored parts in plugins. */
export function partFinder(where: string, given: readonly Plugin[]): FindPart {
  const { plugins } = new PartIndex(given, where);
  return ({ kind, plugin: owner, name }) => {
    const plugin = plugins.find((each) => each.name === owner);
    if (!plugin) {
      throw new ValueError(
        `${where}: ${kind} '${name}' is in plugin '${owner}', which is not given; ` +
          `list it in createEngine({ plugins }) or in the plugins of this call`,
        'PLUGIN_MISSING',
      );
    }
    const part = plugin.parts.find((each) => each.kind === kind && each.name === name);
    if (part) return part;
    throw new ValueError(
      `${where}: plugin '${owner}' has no ${kind} '${name}'; use the version of it that the model was saved with`,
      'PLUGIN_PART',
    );
  };
}
