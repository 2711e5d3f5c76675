import { ValueError } from '../errors.js';
import { checkOptions } from './options.js';

export type PartKind =
  | 'op'
  | 'layer'
  | 'activation'
  | 'initializer'
  | 'constraint'
  | 'regularizer'
  | 'loss'
  | 'metric'
  | 'optimizer'
  | 'schedule'
  | 'backend';

/** Where a part lives. Every value made by a `define…` function has one; `definePlugin` moves it in, once. */
export class Home {
  #plugin: Plugin | null = null;

  get plugin(): Plugin | null {
    return this.#plugin;
  }

  settle(plugin: Plugin, part: string): void {
    if (this.#plugin !== null) {
      throw new ValueError(
        `plugin '${plugin.name}': ${part} already belongs to plugin '${this.#plugin.name}'; ` +
          `list each part in one plugin only`,
        'PLUGIN_PART',
      );
    }
    this.#plugin = plugin;
  }
}

/** What all `define…` functions return: a name to look it up by, and its home. */
export interface Part {
  readonly kind: PartKind;
  readonly name: string;
  readonly home: Home;
}

/** Turns a factory function into a part. */
export function asPart<F extends (...args: never[]) => unknown, K extends PartKind>(
  kind: K,
  name: string,
  factory: F,
): F & Part & { readonly kind: K } {
  const part = Object.assign(factory, { kind, home: new Home() });
  Object.defineProperty(part, 'name', { value: name, enumerable: true });
  return part;
}

/** How a part that takes options is written in a saved model. */
export interface PartConfig {
  readonly part: Part;
  readonly options: object;
}

export interface PluginOptions {
  /** Unique among the plugins of an engine; saved models name it. */
  readonly name: string;
  /** Ops, layers, optimizers, … made by the `define…` functions. */
  readonly parts?: readonly Part[];
  /** Module that default-exports `defineKernels(...)`: kernels that run on every CPU backend. */
  readonly kernels?: URL;
}

export interface Plugin {
  readonly name: string;
  readonly parts: readonly Part[];
  readonly kernels: URL | null;
}

/**
 * Groups parts under one name. Nothing is registered anywhere: the parts remember the plugin, and an engine finds
 * it through them; `createEngine({ plugins })` is needed to look parts up by name and to load saved models.
 *
 * @throws ValueError when a part is listed twice or already belongs to another plugin
 */
export function definePlugin(options: PluginOptions): Plugin {
  checkOptions('definePlugin', options, ['name', 'parts', 'kernels']);
  if (typeof options.name !== 'string' || options.name === '') {
    throw new ValueError(`definePlugin: name must be a non-empty string, got ${String(options.name)}`, 'PLUGIN_NAME');
  }
  if (options.kernels !== undefined && !(options.kernels instanceof URL)) {
    throw new ValueError(
      `plugin '${options.name}': kernels must be a URL, as in new URL('./kernels.js', import.meta.url)`,
      'PLUGIN_KERNELS',
    );
  }
  const plugin: Plugin = Object.freeze({
    name: options.name,
    parts: Object.freeze([...(options.parts ?? [])]),
    kernels: options.kernels ?? null,
  });
  const seen = new Set<string>();
  for (const part of plugin.parts) {
    if (!(part?.home instanceof Home)) {
      throw new ValueError(
        `plugin '${plugin.name}': parts must be values made by defineOp, defineLayer, …; got ${typeof part}`,
        'PLUGIN_PART',
      );
    }
    const key = `${part.kind} '${part.name}'`;
    if (seen.has(key)) throw new ValueError(`plugin '${plugin.name}': ${key} is listed twice`, 'PLUGIN_DUPLICATE');
    seen.add(key);
    part.home.settle(plugin, key);
  }
  return plugin;
}
