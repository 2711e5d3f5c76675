import type { LayerHost } from '../layer/layer-host.js';
import type { SymbolicTensor } from './symbolic-tensor.js';
import type { Update } from '../layer/update.js';
import type { Variable } from '../variable/variable.js';
import { ScopeStack } from '../variable/variable-scope.js';

/** What a graph keeps lists of. Losses of layers, of weights and of activities alike, are regularization losses. */
export interface Collections {
  /** Those that layers made. */
  readonly variables: Variable[];
  /** Those that were trainable when they were made, in a layer that was. */
  readonly trainableVariables: Variable[];
  readonly regularizationLosses: SymbolicTensor[];
  readonly updates: Update[];
}

/** The naming scope of one engine: layer names and variable scopes are unique within it. */
export class Graph {
  /** The engine. */
  readonly host: LayerHost;
  /** Tensors are values, nothing is recorded: `createEngine({ mode: 'eager' })`. */
  readonly eager: boolean;
  /** @internal */
  readonly scopes = new ScopeStack();
  readonly #layerCounts = new Map<string, number>();
  readonly #variables = new Map<string, Variable>();
  readonly #collections: Collections = {
    variables: [],
    trainableVariables: [],
    regularizationLosses: [],
    updates: [],
  };

  constructor(host: LayerHost, eager: boolean) {
    this.host = host;
    this.eager = eager;
  }

  /** 'conv2d' gives 'conv2d_1', 'conv2d_2', …: layer names count from 1. @internal */
  uniqueLayerName(base: string): string {
    const count = (this.#layerCounts.get(base) ?? 0) + 1;
    this.#layerCounts.set(base, count);
    return `${base}_${count}`;
  }

  /** The variable of that name, for those who reuse it. */
  variable(name: string): Variable | null {
    return this.#variables.get(name) ?? null;
  }

  /** Enters a variable that a layer made; `trainable` is the layer's. @internal */
  register(variable: Variable, trainable: boolean): void {
    this.#variables.set(variable.name, variable);
    this.collect('variables', [variable]);
    if (trainable && variable.trainable) this.collect('trainableVariables', [variable]);
  }

  /** Takes back what `register` entered. @internal */
  forget(variable: Variable): void {
    this.#variables.delete(variable.name);
    this.drop('variables', [variable]);
    this.drop('trainableVariables', [variable]);
  }

  /** Takes items out of one of the graph's lists. @internal */
  drop<K extends keyof Collections>(name: K, items: readonly Collections[K][number][]): void {
    const list: Collections[K][number][] = this.#collections[name];
    for (const item of items) if (list.includes(item)) list.splice(list.indexOf(item), 1);
  }

  /** Adds what a list lacks. @internal */
  collect<K extends keyof Collections>(name: K, items: readonly Collections[K][number][]): void {
    const list: Collections[K][number][] = this.#collections[name];
    for (const item of items) if (!list.includes(item)) list.push(item);
  }

  /** A copy of one of the graph's lists. */
  getCollection<K extends keyof Collections>(name: K): Collections[K][number][] {
    return [...this.#collections[name]];
  }
}
