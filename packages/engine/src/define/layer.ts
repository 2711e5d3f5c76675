import { AttributeError, inPlace, RuntimeError, ValueError } from '../errors.js';
import { linear } from '../standard/ops/activations.js';
import type { InboundNode } from './inbound-node.js';
import { checkInputSpec, type InputSpec } from './input-spec.js';
import type { LayerHost } from './layer-host.js';
import { resolveConstraint, resolveInitializer, type ConstraintOption, type InitializerOption } from './named-parts.js';
import type { Part } from './plugin.js';
import { formatShape, type Shape } from './shape.js';
import { SymbolicTensor } from './symbolic-tensor.js';
import { Tensor } from './tensor.js';
import type { Variable } from './variable.js';

export interface LayerOptions {
  /** Default: made of the layer's kind, unique in its engine. */
  name?: string | null;
  /** Whether `fit` changes its weights. Default: true. */
  trainable?: boolean;
  /** Shape of one example; needed on the first layer of a sequential model. */
  inputShape?: readonly number[];
}

export const LAYER_OPTIONS = ['name', 'trainable', 'inputShape'] as const;

export interface AddVariableOptions {
  /** Default: 'glorotUniform'. */
  initializer?: InitializerOption;
  /** Default: true. */
  trainable?: boolean;
  constraint?: ConstraintOption | null;
}

type OneOrMany<T> = T | readonly T[];

/**
 * A computation with weights. A layer is made without an engine and bound to one, for life, when it is put into a
 * model, applied to a tensor of the engine, or given to `engine.bind`.
 *
 * A subclass writes `call` in ops, and `build` if it has weights.
 */
export abstract class Layer<O extends LayerOptions = LayerOptions> {
  readonly options: Readonly<O>;
  trainable: boolean;
  built = false;
  /** Checked at every call. */
  inputSpec: InputSpec | null = null;
  /** The factory that made it; saved models name it. */
  part: Part | null = null;
  readonly inboundNodes: InboundNode[] = [];
  #host: LayerHost | null = null;
  #name: string | null;
  #scope: string | null = null;
  readonly #variables: Variable[] = [];

  constructor(options: O) {
    this.options = options;
    this.#name = options.name ?? null;
    this.trainable = options.trainable ?? true;
  }

  /** The computation, in ops. Never called on concrete values. */
  abstract call(inputs: OneOrMany<SymbolicTensor>): SymbolicTensor;

  /** Makes the weights; the shape is that of the input, `null` for the batch. */
  build(_inputShape: OneOrMany<Shape>): void {
    this.built = true;
  }

  /** The given name; once bound, a unique one. */
  get name(): string | null {
    return this.#name;
  }

  /** @throws RuntimeError while the layer is unbound */
  protected get host(): LayerHost {
    if (this.#host === null) {
      throw new RuntimeError(
        `layer '${this.#label}' belongs to no engine yet: put it into a model or call engine.bind(layer) first`,
        'UNBOUND',
      );
    }
    return this.#host;
  }

  get #label(): string {
    return this.#name ?? this.part?.name ?? this.constructor.name;
  }

  /** Binds the layer to an engine, for life; `engine.bind` calls it. */
  bindTo(host: LayerHost): void {
    if (this.#host === host) return;
    if (this.#host !== null) {
      throw new ValueError(
        `Input graph and Layer graph are not the same: layer '${this.#label}' belongs to another engine; ` +
          `make a new layer for this one`,
        'GRAPH',
      );
    }
    this.#host = host;
    this.#name ??= host.graph.uniqueLayerName(this.#baseName);
  }

  /** 'maxPooling2d' gives 'max_pooling2d'. */
  get #baseName(): string {
    const base = this.options.name ?? this.part?.name ?? this.constructor.name;
    return base.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  }

  /** Prefix of the layer's variables; fixed the first time one is made or the layer is called. */
  protected get scope(): string {
    return (this.#scope ??= this.host.graph.uniqueScope(this.#baseName));
  }

  /**
   * Makes a weight `SCOPE/NAME:0`.
   *
   * @throws RuntimeError while the layer is unbound
   * @throws ValueError when a length of the shape is not a positive integer, or the name is taken
   */
  addVariable(name: string, shape: Shape, options: AddVariableOptions = {}): Variable {
    const { host } = this;
    const fullName = `${this.scope}/${name}:0`;
    if (this.#variables.some((v) => v.name === fullName)) {
      throw new ValueError(`Variable ${fullName} already exists, disallowed.`, 'VARIABLE_EXISTS');
    }
    if (shape.some((d) => d === null || !Number.isInteger(d) || d < 0)) {
      throw new ValueError(
        `Shape of a new variable (${fullName}) must be fully defined, but instead was ${formatShape(shape)}.`,
        'SHAPE',
      );
    }
    const variable = host.createVariable({
      name: fullName,
      shape: shape as readonly number[],
      initializer: resolveInitializer(host, `variable '${fullName}'`, options.initializer ?? 'glorotUniform'),
      trainable: options.trainable ?? true,
      constraint: resolveConstraint(host, options.constraint ?? null),
    });
    this.#variables.push(variable);
    return variable;
  }

  /** Trainable weights first. */
  get weights(): readonly Variable[] {
    return [...this.trainableWeights, ...this.nonTrainableWeights];
  }

  get trainableWeights(): readonly Variable[] {
    return this.trainable ? this.#variables.filter((v) => v.trainable) : [];
  }

  get nonTrainableWeights(): readonly Variable[] {
    return this.trainable ? this.#variables.filter((v) => !v.trainable) : [...this.#variables];
  }

  /** Number of values in the weights. */
  countParams(): number {
    if (!this.built) {
      throw new ValueError(
        `You tried to call \`countParams\` on ${this.#label}, but the layer isn't built. ` +
          `You can build it manually via: \`layer.build(batchInputShape)\`.`,
        'UNBUILT',
      );
    }
    return this.weights.reduce((n, v) => n + v.size, 0);
  }

  /** On symbolic tensors adds the layer to their graph; on concrete ones computes at once. */
  apply(inputs: OneOrMany<SymbolicTensor>): SymbolicTensor;
  apply(inputs: OneOrMany<Tensor>): Tensor;
  apply(inputs: OneOrMany<SymbolicTensor> | OneOrMany<Tensor>): SymbolicTensor | Tensor {
    const list = [inputs].flat();
    const first = list[0];
    if (list.every((x) => x instanceof Tensor) && first instanceof Tensor) {
      this.bindTo(first.runner.graph.host);
      return first.runner.runLayer(this, list);
    }
    if (list.every((x) => x instanceof SymbolicTensor) && first instanceof SymbolicTensor && first.graph) {
      this.bindTo(first.graph.host);
      return this.#connect(list, Array.isArray(inputs) ? list : first);
    }
    throw new ValueError(
      `layer '${this.#label}': apply takes tensors of one engine, all symbolic or all concrete`,
      'OPERAND',
    );
  }

  #connect(list: readonly SymbolicTensor[], inputs: OneOrMany<SymbolicTensor>): SymbolicTensor {
    const output = this.trace(inputs);
    const made = list.includes(output) || output.inboundNode ? linear(output) : output;
    const node: InboundNode = { layer: this, inputs: list, outputs: [made] };
    made.scope ??= this.#name;
    made.inboundNode = node;
    this.inboundNodes.push(node);
    return made;
  }

  /** Checks, builds and calls, without recording that it was called. */
  trace(inputs: OneOrMany<SymbolicTensor>): SymbolicTensor {
    const list = [inputs].flat();
    const shapes = list.map((x) => x.shape);
    return inPlace(`layer '${this.#label}'`, () => {
      this.#checkInputs(shapes);
      if (!this.built) {
        this.build(Array.isArray(inputs) ? shapes : (shapes[0] as Shape));
        this.built = true;
        this.#checkInputs(shapes);
      }
      const output = this.call(inputs);
      if (!(output instanceof SymbolicTensor)) {
        throw new ValueError("A layer's `call` method should return a Tensor or a list of Tensors, not None.", 'CALL');
      }
      labelScope(output, new Set(list), this.#label);
      return output;
    });
  }

  #checkInputs(shapes: readonly Shape[]): void {
    const spec = this.inputSpec;
    if (spec) shapes.forEach((shape, i) => checkInputSpec(this.#label, i, spec, shape));
  }

  /** The input of its only call. @throws AttributeError when it was never called */
  get input(): SymbolicTensor {
    return this.#onlyNode('input').inputs[0] as SymbolicTensor;
  }

  /** The output of its only call. @throws AttributeError when it was never called */
  get output(): SymbolicTensor {
    return this.#onlyNode('output').outputs[0] as SymbolicTensor;
  }

  #onlyNode(what: string): InboundNode {
    const [node, ...more] = this.inboundNodes;
    if (!node) throw new AttributeError(`Layer ${this.#label} is not connected, no ${what} to return.`);
    if (more.length > 0) {
      throw new AttributeError(
        `Layer ${this.#label} has multiple inbound nodes, hence the notion of "layer ${what}" is ill-defined.`,
      );
    }
    return node;
  }
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
