import type { LayerHost } from './layer-host.js';

/** The naming scope of one engine: layer names and variable scopes are unique within it. */
export class Graph {
  /** The engine. */
  readonly host: LayerHost;
  readonly #layerCounts = new Map<string, number>();
  readonly #scopes = new Set<string>();

  constructor(host: LayerHost) {
    this.host = host;
  }

  /** 'conv2d' gives 'conv2d_1', 'conv2d_2', …: layer names count from 1. */
  uniqueLayerName(base: string): string {
    const count = (this.#layerCounts.get(base) ?? 0) + 1;
    this.#layerCounts.set(base, count);
    return `${base}_${count}`;
  }

  /** 'conv2d' gives 'conv2d', 'conv2d_1', …: scopes count from nothing. */
  uniqueScope(base: string): string {
    let scope = base;
    for (let i = 1; this.#scopes.has(scope); i++) scope = `${base}_${i}`;
    this.#scopes.add(scope);
    return scope;
  }
}
