import { AttributeError, ValueError } from '../../errors.js';
import { dependents, topological } from '../op/dependence.js';
import { describeValue } from '../plugin/describe-value.js';
import { LayerIdentity } from './layer-identity.js';
import type { LayerOptions } from './layer-options.js';
import { resolveRegularizer } from './named-parts.js';
import type { OneOrMany } from '../plugin/one-or-many.js';
import type { Regularizer } from '../regularizer.js';
import { formatShape } from '../op/shape.js';
import { SymbolicTensor } from '../op/symbolic-tensor.js';
import type { Tensor } from '../op/tensor.js';
import type { Update } from './update.js';
import { Variable } from '../variable/variable.js';

interface Collected<T> {
  readonly item: T;
  readonly unconditional: boolean;
}

/** What a layer adds to training besides its output: losses, and updates of variables. */
export abstract class LayerLosses<O extends LayerOptions = LayerOptions> extends LayerIdentity<O> {
  readonly #losses: Collected<SymbolicTensor>[] = [];
  readonly #updates: Collected<Update>[] = [];
  readonly #regularized: {
    readonly variable: Variable;
    readonly regularizer: Regularizer;
    readonly penalty: SymbolicTensor;
  }[] = [];
  #recording = true;

  /** As given, or the part of that name; null without. */
  get activityRegularizer(): LayerOptions['activityRegularizer'] {
    return this.options.activityRegularizer ?? null;
  }

  /**
   * Scalars that are added to the training loss: of weights, once each; of activities, one for each call. In eager mode
   * the regularizers' present values, computed at each read.
   */
  get losses(): readonly (SymbolicTensor | Tensor)[] {
    if (this.bound && this.host.graph.eager) {
      return this.#regularized.map(({ penalty }) => this.host.compute(penalty));
    }
    return this.#losses.map(({ item }) => item);
  }

  /** Empty when the layer is neither trainable nor stateful. @throws RuntimeError in eager mode */
  get updates(): readonly Update[] {
    this.refuseEager('Layer.updates not supported in Eager mode.');
    return this.trainable || this.stateful ? this.#updates.map(({ item }) => item) : [];
  }

  /**
   * Adds scalars to the training loss.
   *
   * @param inputs null (default) for losses that do not depend on the layer's inputs, such as those of weights;
   *   anything else for those that do, and which then count where those inputs are used
   * @throws RuntimeError in eager mode; AttributeError when a loss is no symbolic tensor; ValueError when it is no
   *   scalar
   */
  addLoss(losses: OneOrMany<SymbolicTensor>, inputs: unknown = null): void {
    this.refuseEager('Layer.addLoss not supported in Eager mode.');
    const items = [losses].flat();
    for (const item of items) {
      const where = `${this.place}: addLoss takes scalars written in ops`;
      if (!(item instanceof SymbolicTensor)) throw new AttributeError(`${where}, got ${describeValue(item)}`, 'LOSS');
      if (item.rank > 0)
        throw new ValueError(`${where}, got ${formatShape(item.shape)}; reduce it to one number`, 'LOSS');
    }
    if (!this.#recording) return;
    this.#losses.push(...items.map((item) => ({ item, unconditional: inputs === null })));
    this.host.graph.collect('regularizationLosses', items);
  }

  /**
   * Adds next values of variables, done once per step. In eager mode nothing happens.
   *
   * @param inputs as for `addLoss`
   * @throws AttributeError for what is no update
   */
  addUpdate(updates: OneOrMany<Update>, inputs: unknown = null): void {
    if (this.host.graph.eager) return;
    const items = [updates].flat();
    for (const item of items as readonly (Partial<Update> | null)[]) {
      if (item?.variable instanceof Variable && item.value instanceof SymbolicTensor) continue;
      throw new AttributeError(
        `${this.place}: addUpdate takes { variable, value }, a variable and its next value in ops, got ${describeValue(item)}`,
        'UPDATE',
      );
    }
    if (!this.#recording) return;
    this.#updates.push(...items.map((item) => ({ item, unconditional: inputs === null })));
    this.host.graph.collect('updates', items);
  }

  /**
   * Null: the unconditional ones. Tensors: those that depend on any of them.
   *
   * @throws RuntimeError in eager mode
   */
  getLossesFor(inputs: OneOrMany<SymbolicTensor> | null): SymbolicTensor[] {
    this.refuseEager('Layer.getLossesFor not supported in Eager mode.');
    return chosen(this.#losses, inputs, (loss) => loss);
  }

  /** As `getLossesFor`; empty when the layer is neither trainable nor stateful. @throws RuntimeError in eager mode */
  getUpdatesFor(inputs: OneOrMany<SymbolicTensor> | null): Update[] {
    this.refuseEager('`getUpdatesFor()` not supported in Eager mode.');
    return this.trainable || this.stateful ? chosen(this.#updates, inputs, (update) => update.value) : [];
  }

  /**
   * Losses and updates that a model adds to its training: unconditional ones, and those that are made of tensors of the
   * model alone.
   *
   * @internal
   */
  collectedFor(isPart: (value: SymbolicTensor) => boolean): { losses: SymbolicTensor[]; updates: Update[] } {
    const counts = <T>(collected: readonly Collected<T>[], valueOf: (item: T) => SymbolicTensor): T[] =>
      collected.filter(({ item, unconditional }) => unconditional || isPart(valueOf(item))).map(({ item }) => item);
    return {
      losses: counts(this.#losses, (loss) => loss),
      updates: this.trainable || this.stateful ? counts(this.#updates, (update) => update.value) : [],
    };
  }

  /** How many losses, updates and regularized variables there are. @internal */
  protected get collectedSoFar(): { losses: number; updates: number; regularized: number } {
    return { losses: this.#losses.length, updates: this.#updates.length, regularized: this.#regularized.length };
  }

  /** Drops what came after the given numbers. @internal */
  protected takeBack(kept: { losses: number; updates: number; regularized: number }): void {
    const { graph } = this.host;
    const items = <T>(collected: readonly Collected<T>[]): T[] => collected.map(({ item }) => item);
    graph.drop('regularizationLosses', items(this.#losses.splice(kept.losses)));
    graph.drop('updates', items(this.#updates.splice(kept.updates)));
    this.#regularized.splice(kept.regularized);
  }

  /** A regularizer that gives null makes no loss. @internal */
  protected regularize(variable: Variable, regularizer: Regularizer): void {
    const given = regularizer.penalty(variable.node);
    if (given === null) return;
    const penalty = this.#scalar(given, `regularizer of '${variable.name}'`);
    this.#regularized.push({ variable, regularizer, penalty });
    if (!this.host.graph.eager) this.addLoss(penalty);
  }

  /** The activity loss of one call. @internal */
  protected regularizeActivity(output: SymbolicTensor): void {
    const { host } = this;
    const option = this.options.activityRegularizer ?? null;
    const regularizer = resolveRegularizer(host, `${this.place}: activityRegularizer`, option);
    const given = regularizer?.penalty(output) ?? null;
    if (given !== null) this.addLoss(this.#scalar(given, 'activityRegularizer'), [output]);
  }

  #scalar(value: unknown, what: string): SymbolicTensor {
    if (value instanceof SymbolicTensor && value.rank === 0) return value;
    const got = value instanceof SymbolicTensor ? `shape ${formatShape(value.shape)}` : describeValue(value);
    throw new ValueError(`${this.place}: the ${what} must give a scalar written in ops, got ${got}`, 'LOSS');
  }

  /** Runs `body` without keeping the losses and updates that it adds: it is no part of a model. @internal */
  protected withoutRecording<T>(body: () => T): T {
    const before = this.#recording;
    this.#recording = false;
    try {
      return body();
    } finally {
      this.#recording = before;
    }
  }

  /** Makes a copy's regularizer losses of its own variables. @internal */
  protected takeRegularizersOf(original: LayerLosses<O>, copies: ReadonlyMap<Variable, Variable>): void {
    for (const { variable, regularizer } of original.#regularized) {
      this.regularize(copies.get(variable) ?? variable, regularizer);
    }
  }
}

/** "Depends on" is reachability in the graph, not identity. */
function chosen<T>(
  collected: readonly Collected<T>[],
  inputs: OneOrMany<SymbolicTensor> | null,
  valueOf: (item: T) => SymbolicTensor,
): T[] {
  if (inputs === null) return collected.filter((c) => c.unconditional).map(({ item }) => item);
  const order = topological(collected.map(({ item }) => valueOf(item)));
  const reached = dependents(order, new Set([inputs].flat()));
  return collected.filter(({ item }) => reached.has(valueOf(item))).map(({ item }) => item);
}
