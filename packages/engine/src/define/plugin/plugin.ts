import { ValueError } from '../../errors.js';
import { describeValue } from './describe-value.js';
import { checkOptions } from './options.js';

/** What a part is. Names are looked up among parts of one kind. */
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
  | 'strategy'
  | 'codec'
  | 'backend';

/** Where a part lives. Every value made by a `define…` function has one; `definePlugin` moves it in, once. */
export class Home {
  #plugin: Plugin | null = null;

  get plugin(): Plugin | null {
    return this.#plugin;
  }

  settle(plugin: Plugin): void {
    this.#plugin = plugin;
  }
}

/** What all `define…` functions return: a name to look it up by, and its home. */
export interface Part {
  readonly kind: PartKind;
  readonly name: string;
  /** @internal */
  readonly home: Home;
}

export function isPart(value: unknown): value is Part {
  return typeof value === 'function' && 'home' in value && value.home instanceof Home;
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

/** What a plugin is made of: a name, parts, and kernels where its ops need their own. */
export interface PluginOptions {
  /** Unique among the plugins of an engine; saved models name it. */
  readonly name: string;
  /** Ops, layers, optimizers, … made by the `define…` functions. */
  readonly parts?: readonly Part[];
  /** Module that default-exports `defineKernels(...)`: kernels that run on every CPU backend. */
  readonly kernels?: URL;
}

/** Parts under one name, for `createEngine({ plugins })`. */
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
  checkName('definePlugin', options.name);
  const { name, parts = [] } = options;
  if (options.kernels !== undefined && !(options.kernels instanceof URL)) {
    throw new ValueError(
      `plugin '${name}': kernels must be a URL, as in new URL('./kernels.js', import.meta.url)`,
      'PLUGIN_KERNELS',
    );
  }
  checkParts(`plugin '${name}'`, parts);
  const plugin: Plugin = Object.freeze({
    name,
    parts: Object.freeze([...parts]),
    kernels: options.kernels ?? null,
  });
  for (const part of parts) part.home.settle(plugin);
  return plugin;
}

/** All of them, before any is moved in. */
function checkParts(where: string, parts: readonly Part[]): void {
  if (!Array.isArray(parts)) {
    throw new ValueError(`${where}: parts must be a list, got ${describeValue(parts)}`, 'PLUGIN_PART');
  }
  const seen = new Set<string>();
  for (const [i, part] of parts.entries()) {
    if (!isPart(part)) {
      throw new ValueError(
        `${where}: parts[${i}] must be what defineOp, defineLayer, … return, got ${describeValue(part)}`,
        'PLUGIN_PART',
      );
    }
    const key = `${part.kind} '${part.name}'`;
    const owner = part.home.plugin;
    if (owner !== null) {
      throw new ValueError(
        `${where}: ${key} already belongs to plugin '${owner.name}'; list each part in one plugin only`,
        'PLUGIN_PART',
      );
    }
    if (seen.has(key)) throw new ValueError(`${where}: ${key} is listed twice`, 'PLUGIN_DUPLICATE');
    seen.add(key);
  }
}

/** @throws ValueError: names are how plugins and backends are told apart, and how a saved model finds its parts */
export function checkName(where: string, name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new ValueError(`${where}: name must be a non-empty string, got ${describeValue(name)}`, 'NAME');
}
