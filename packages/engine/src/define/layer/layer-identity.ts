import { RuntimeError, ValueError } from '../../errors.js';
import { describeValue } from '../plugin/describe-value.js';
import type { Graph } from '../op/graph.js';
import type { LayerHost } from './layer-host.js';
import { checkLayerOptions, type LayerOptions } from './layer-options.js';
import type { Part } from '../plugin/plugin.js';
import type { DType, Shape } from '../op/shape.js';
import type { VariableScope } from '../variable/variable-scope.js';

/** Who a layer is: its options, its engine, and the names that it has there. */
export abstract class LayerIdentity<O extends LayerOptions = LayerOptions> {
  /** As given to the factory. */
  readonly options: Readonly<O>;
  /** Whether `fit` changes the weights; may be changed between runs. */
  trainable: boolean;
  /** Whether the weights are made. */
  built = false;
  /** Whether the layer keeps something from step to step. */
  readonly stateful: boolean = false;
  /** The factory that made it; saved models name it. */
  part: Part | null = null;
  #host: LayerHost | null = null;
  #name: string | null;
  #scope: VariableScope | null = null;
  #dtype: DType | null;
  #graph: Graph | null = null;

  constructor(options: O) {
    checkLayerOptions(options);
    this.options = options;
    this.#name = options.name ?? null;
    this.#dtype = options.dtype ?? null;
    this.trainable = options.trainable ?? true;
  }

  /** The given name; once bound, one made of the layer's kind if none was given. Not the scope of its variables. */
  get name(): string | null {
    return this.#name;
  }

  /** Null until the first call, unless given. */
  get dtype(): DType | null {
    return this.#dtype;
  }

  /** [batchSize, ...inputShape] as given; null without `inputShape`. */
  get batchInputShape(): Shape | null {
    const { inputShape, batchSize = null } = this.options;
    return inputShape ? [batchSize, ...inputShape] : null;
  }

  /** The graph of the inputs; null until the first call. @throws RuntimeError in eager mode */
  get graph(): Graph | null {
    this.refuseEager('Layer.graph not supported in Eager mode.');
    return this.#graph;
  }

  /**
   * Prefix of the layer's variables, such as 'conv2d' or 'outer/conv2d_1'.
   *
   * @throws ValueError until it is fixed: by the first call, `build` or `addVariable`
   */
  get scopeName(): string {
    if (this.#scope === null) {
      throw new ValueError(
        `No name available for layer scope because the layer "${this.label}" has not been used yet. The scope name ` +
          ` is determined the first time the layer instance is called. You must therefore call the layer before ` +
          `querying \`scopeName\`.`,
        'UNUSED',
      );
    }
    return this.#scope.name;
  }

  /** For messages: the name, or the kind of a layer without one. */
  get label(): string {
    return this.#name ?? this.part?.name ?? this.constructor.name;
  }

  /** For messages: where an error happened. */
  protected get place(): string {
    return `layer '${this.label}'`;
  }

  /** Whether the layer belongs to an engine. */
  get bound(): boolean {
    return this.#host !== null;
  }

  /** The engine. @throws RuntimeError while the layer is unbound */
  protected get host(): LayerHost {
    if (this.#host === null) {
      throw new RuntimeError(
        `${this.place} belongs to no engine yet: put it into a model or call engine.bind(layer) first; its variables are ` +
          `made in \`build\``,
        'UNBOUND',
      );
    }
    return this.#host;
  }

  /** Binds the layer to an engine, for life; `engine.bind` calls it. @internal */
  bindTo(host: LayerHost): void {
    if (this.#host === host) return;
    if (this.#host !== null) {
      throw new ValueError(
        `Input graph and Layer graph are not the same: ${this.place} belongs to another engine; ` +
          `make a new layer for this one`,
        'GRAPH',
      );
    }
    const { activityRegularizer = null } = this.options;
    if (host.graph.eager && activityRegularizer !== null) {
      throw new ValueError(
        `Activity regularization is not supported when executing eagerly. Got activityRegularizer=${describeValue(activityRegularizer)} of ${this.place}`,
        'EAGER',
      );
    }
    this.#host = host;
    this.#name ??= host.graph.uniqueLayerName(this.#baseName);
  }

  /** 'maxPooling2d' gives 'max_pooling2d'. */
  get #baseName(): string {
    // A given name stands as it is.
    if (this.options.name) return this.options.name;
    return (this.part?.name ?? this.constructor.name)
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replace(/^_/, 'private_');
  }

  /** Fixes the scope the first time: as given, else made of the name and unique where the layer is used. @internal */
  protected fixScope(given: string | VariableScope | null = null): VariableScope {
    if (this.#scope !== null) return this.#scope;
    const { scopes } = this.host.graph;
    const wanted = this.options.scope ?? given;
    if (wanted !== null) this.#scope = scopes.enter(wanted);
    else this.#scope = this.options.reuse ? scopes.enter(this.#baseName) : scopes.enterUnique(this.#baseName);
    return this.#scope;
  }

  /** What the first call settles. @internal */
  protected adopt(graph: Graph | null, dtype: DType): void {
    this.#graph ??= graph;
    this.#dtype ??= dtype;
  }

  /** @internal */
  protected refuseEager(message: string): void {
    if (this.#host?.graph.eager) throw new RuntimeError(message, 'EAGER');
  }

  /** Gives a copy the names of its original. @internal */
  protected takeIdentityOf(original: LayerIdentity<O>): void {
    this.part = original.part;
    this.#host = original.#host;
    this.#name = original.#name;
    this.#scope = original.#scope;
    this.#dtype = original.#dtype;
    this.#graph = original.#graph;
    this.trainable = original.trainable;
    this.built = original.built;
  }
}
