import { inPlace, NotImplementedError, ValueError } from '../../errors.js';
import { linear } from '../../standard/ops/activations.js';
import { describeValue } from '../plugin/describe-value.js';
import { checkInputSpec, type InputSpec } from './input-spec.js';
import { LayerNodes } from './layer-nodes.js';
import type { LayerOptions } from './layer-options.js';
import type { OneOrMany } from '../plugin/one-or-many.js';
import { withoutName } from './named-parts.js';
import { valueToJson } from '../plugin/part-json.js';
import { isPlainObject } from '../plugin/plain-data.js';
import type { Shape } from '../op/shape.js';
import { SymbolicTensor } from '../op/symbolic-tensor.js';
import { Tensor } from '../op/tensor.js';
import { Variable } from '../variable/variable.js';
import type { VariableScope } from '../variable/variable-scope.js';

/** What a call takes besides its inputs: `scope` and `mask` are the engine's, the rest reaches the layer's `call`. */
export interface ApplyOptions {
  /** Scope of the layer's variables, if it has none yet. */
  readonly scope?: string | VariableScope;
  /** Which elements of the inputs count. Default: the mask that the layer before made of its output. */
  readonly mask?: SymbolicTensor | null;
  readonly [option: string]: unknown;
}

/** What reaches `call`. */
export interface CallOptions {
  /** Which elements of the inputs count; null: all. */
  readonly mask: SymbolicTensor | null;
  readonly [option: string]: unknown;
}

/**
 * A computation with weights. A layer is made without an engine and bound to one, for life, when it is put into a
 * model, applied to a tensor of the engine, or given to `engine.bind`.
 *
 * A subclass writes `call` in ops, and `build` if it has weights.
 */
export abstract class Layer<O extends LayerOptions = LayerOptions> extends LayerNodes<O> {
  /** Checked at every call; null, for a layer of any inputs: nothing is. */
  inputSpec: InputSpec | null = null;

  /** The computation, in ops. Never called on concrete values. */
  abstract call(inputs: OneOrMany<SymbolicTensor>, options: CallOptions): SymbolicTensor;

  /** Makes the weights; the shape is that of the input, `null` for the batch. */
  build(_inputShape: OneOrMany<Shape>): void {
    this.built = true;
  }

  /** Shape of the output for one of the input; needs no engine. */
  computeOutputShape(_inputShape: OneOrMany<Shape>): Shape {
    throw new NotImplementedError(`${this.place} has no computeOutputShape; apply it to an input to see its shape`);
  }

  /** Mask of the output: by default that of the input passes through. */
  computeMask(_inputs: OneOrMany<SymbolicTensor>, mask: SymbolicTensor | null): SymbolicTensor | null {
    return mask;
  }

  /**
   * On symbolic tensors adds the layer to their graph; on concrete ones computes at once, on the engine's backend.
   *
   * @throws ValueError when the input does not fit the layer, or belongs to another engine
   */
  apply(inputs: OneOrMany<SymbolicTensor>, options?: ApplyOptions): SymbolicTensor;
  apply(inputs: OneOrMany<Tensor>, options?: ApplyOptions): Tensor;
  apply(inputs: OneOrMany<SymbolicTensor> | OneOrMany<Tensor>, options: ApplyOptions = {}): SymbolicTensor | Tensor {
    const list = [inputs].flat();
    const [first] = list;
    const { scope = null, ...rest } = options;
    if (first instanceof Tensor && list.every((x) => x instanceof Tensor)) {
      this.bindTo(first.runner.graph.host);
      this.fixScope(scope);
      return first.runner.runLayer(this, list, rest);
    }
    if (first instanceof SymbolicTensor && first.graph && list.every((x) => x instanceof SymbolicTensor)) {
      this.bindTo(first.graph.host);
      this.fixScope(scope);
      return this.#connect(list, Array.isArray(inputs) ? list : first, rest);
    }
    throw new ValueError(
      `${this.place}: apply takes tensors of one engine, all symbolic or all concrete, got ${describeValue(inputs)}`,
      'OPERAND',
    );
  }

  #connect(
    list: readonly SymbolicTensor[],
    inputs: OneOrMany<SymbolicTensor>,
    given: Readonly<Record<string, unknown>>,
  ): SymbolicTensor {
    const previousMask = list.find((x) => x.mask !== null)?.mask ?? null;
    const options = { mask: previousMask, ...given } as CallOptions;
    const output = this.#trace(inputs, options, (call) => call());
    const made = list.includes(output) || output.inboundNode ? linear(output) : output;
    made.scope ??= this.name;
    made.mask = this.computeMask(inputs, options.mask);
    this.regularizeActivity(made);
    made.inboundNode = { layer: this, inputs: list, outputs: [made], kwargs: given };
    this.inboundNodes.push(made.inboundNode);
    return made;
  }

  /** Checks, builds and calls for a computation: without recording that the layer was called. @internal */
  traceUnrecorded(inputs: OneOrMany<SymbolicTensor>, options: CallOptions): SymbolicTensor {
    return this.#trace(inputs, options, (call) => this.withoutRecording(call));
  }

  #trace(
    inputs: OneOrMany<SymbolicTensor>,
    options: CallOptions,
    perform: (call: () => SymbolicTensor) => SymbolicTensor,
  ): SymbolicTensor {
    const list = [inputs].flat();
    this.#checkInputs(list);
    return inPlace(this.place, () =>
      this.allOrNothing(() => {
        const shapes = list.map((x) => x.shape);
        if (!this.built) {
          this.build(Array.isArray(inputs) ? shapes : (shapes[0] as Shape));
          this.#checkInputs(list);
        }
        const output: unknown = perform(() => this.call(inputs, options));
        refuseOtherThanTensor(output);
        labelScope(output, new Set(list), this.label);
        this.adopt(list[0]?.graph ?? null, 'float32');
        this.built = true;
        return output;
      }),
    );
  }

  #checkInputs(inputs: readonly SymbolicTensor[]): void {
    if (this.inputSpec) checkInputSpec(this.label, this.inputSpec, inputs);
  }

  /**
   * The layer's options as plain data, parts by kind, plugin and name: `factory.fromConfig` makes such a layer again.
   *
   * @throws ValueError naming the argument that cannot be stored, such as a bare function
   */
  getConfig(): Record<string, unknown> {
    return this.configOf(this.options);
  }

  /** Options as plain data, with the given name and the present `trainable`. */
  protected configOf(options: Readonly<O>): Record<string, unknown> {
    const all = { ...options, name: options.name ?? null, trainable: this.trainable };
    return Object.fromEntries(
      Object.entries(all).map(([key, value]) => {
        const part = this.bound ? withoutName(this.host, key, value) : value;
        return [key, valueToJson(`${this.place}: ${key}`, part)];
      }),
    );
  }

  /**
   * A layer of the same options, name and scope, with variables of its own that have the same names and values, and no
   * inbound nodes. Functions and tensors are shared.
   *
   * @param memo copies made so far, by original
   */
  deepCopy(memo = new Map<object, object>()): this {
    const known = memo.get(this);
    if (known) return known as this;
    const make = this.constructor as new (options: O) => this;
    const copy = new make(this.options);
    memo.set(this, copy);
    copy.takeIdentityOf(this);
    const variables = this.bound ? copy.takeVariablesOf(this) : new Map<Variable, Variable>();
    copy.takeRegularizersOf(this, variables);
    for (const [key, value] of Object.entries(this) as [keyof this, unknown][]) {
      if (key === 'inboundNodes' || key === 'options') continue;
      Object.assign(copy, { [key]: copied(value, variables) });
    }
    return copy;
  }
}

/** Containers are copied, variables replaced by their copies; all else is shared. */
function copied(value: unknown, variables: ReadonlyMap<Variable, Variable>): unknown {
  if (value instanceof Variable) return variables.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => copied(item, variables));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copied(item, variables)]));
  if (value instanceof Set) return new Set([...value].map((item) => copied(item, variables)));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item, variables)]));
}

/** @throws ValueError: for nothing TensorFlow's, for other values one of ours, as a layer makes one tensor */
function refuseOtherThanTensor(output: unknown): asserts output is SymbolicTensor {
  if (output instanceof SymbolicTensor) return;
  throw new ValueError(
    (output ?? null) === null
      ? "A layer's `call` method should return a Tensor or a list of Tensors, not None."
      : `A layer's \`call\` method should return one tensor, a SymbolicTensor, got ${describeValue(output)}`,
    'CALL',
  );
}

/** Nodes that a layer's call added carry its name: errors and listings use it. */
function labelScope(output: SymbolicTensor, stop: ReadonlySet<SymbolicTensor>, name: string): void {
  const open = [output];
  for (let node = open.pop(); node; node = open.pop()) {
    if (stop.has(node) || node.scope !== null || node.inboundNode) continue;
    node.scope = name;
    open.push(...node.inputs);
  }
}
