import { AsyncLocalStorage } from 'node:async_hooks';
import { checkLayer, firstShape } from './define/layer/check-layer.js';
import { Graph } from './define/op/graph.js';
import type { Layer } from './define/layer/layer.js';
import type { LayerHost, VariableSpec } from './define/layer/layer-host.js';
import type { OpDefinition } from './define/op/op.js';
import { checkOptions } from './define/plugin/options.js';
import type { PartIndex } from './define/plugin/part-index.js';
import type { Part, PartKind, Plugin } from './define/plugin/plugin.js';
import { checkInputName, placeholder } from './define/op/placeholder.js';
import { checkDType, checkExampleShape, type DType } from './define/op/shape.js';
import type { SymbolicTensor } from './define/op/symbolic-tensor.js';
import { Tensor, tensorValues, type EagerRunner } from './define/op/tensor.js';
import type { Variable } from './define/variable/variable.js';
import type { ScopeOptions, VariableScope } from './define/variable/variable-scope.js';
import { inject, injectable } from './di.js';
import { inPlace, RuntimeError, ValueError } from './errors.js';
import type { Executor } from './execute/executor.js';
import type { ExitGuard } from './execute/exit-guard.js';
import type { EngineKernels } from './execute/kernel-source.js';
import { ARENA, EAGER, EXECUTOR, GUARD, KERNELS, PARTS, SEED, STATE, TURNS } from './execute/tokens.js';
import { Turns } from './execute/turns.js';
import { loadModel } from './io/load.js';
import { saveModel } from './io/save.js';
import type { Arena } from './memory/arena.js';
import type { State } from './memory/state.js';
import { Eager } from './train/eager.js';
import { Model } from './train/model.js';
import { Network } from './train/network.js';
import type { Runtime } from './train/runtime.js';

/** One input of a model: an array with a row for each example. */
export interface InputOptions {
  /** Of one example. */
  readonly shape: readonly number[];
  /** Unique in its model; messages about data name it. Default: 'x1', 'x2', …; 'x' in a sequential model. */
  readonly name?: string;
  /** Default: 'float32'. */
  readonly dtype?: DType;
}

/** One memory, one pool of threads, one graph. Made by `createEngine`; ends with `dispose`. */
@injectable()
export class Engine implements EagerRunner, LayerHost {
  /** Names of layers and variables, and lists of what layers made. */
  readonly graph: Graph;
  /** As given to `createEngine`. */
  readonly seed: number;
  readonly #state: State;
  readonly #parts: PartIndex;
  readonly #executor: Executor;
  readonly #runtime: Runtime;
  readonly #eager: Eager;
  readonly #disposal = new AbortController();
  readonly #work = new Set<Promise<unknown>>();
  #inputs = 0;

  constructor(
    @inject(ARENA) arena: Arena,
    @inject(STATE) state: State,
    @inject(TURNS) turns: Turns,
    @inject(EXECUTOR) executor: Executor,
    @inject(GUARD) guard: ExitGuard,
    @inject(KERNELS) kernels: EngineKernels,
    @inject(PARTS) parts: PartIndex,
    @inject(SEED) seed: number,
    @inject(EAGER) eager: boolean,
  ) {
    this.graph = new Graph(this, eager);
    this.seed = seed;
    this.#state = state;
    this.#parts = parts;
    this.#executor = executor;
    this.#runtime = {
      graph: this.graph,
      host: this,
      arena,
      state,
      kernels,
      executor,
      guard,
      turns,
      writers: new Turns(),
      seed,
      disposal: this.#disposal.signal,
      track: (work) => this.#track(work),
      callbacks: new AsyncLocalStorage(),
      save: saveModel,
      tensor: (values, shape) => new Tensor(values, shape, this),
    };
    this.#eager = new Eager(this.#runtime);
  }

  /** Why `workers` is what it is. */
  get workersReason(): string {
    return this.#executor.workersReason;
  }

  /** Threads that compute. */
  get workers(): number {
    return this.#executor.workers;
  }

  /** A concrete array of a shape, by default of one axis: int32 from an Int32Array, else float32. @throws ValueError */
  tensor(values: ArrayLike<number>, shape?: readonly number[]): Tensor {
    const kept = tensorValues(values);
    return new Tensor(kept, shape ?? [kept.length], this);
  }

  /** A symbolic tensor to apply layers to; give it to `engine.model`. @throws RuntimeError in eager mode */
  input(options: InputOptions): SymbolicTensor {
    this.#refuseDisposed();
    this.#refuseEager('input');
    checkOptions('input', options, ['shape', 'name', 'dtype']);
    const { name = `x${++this.#inputs}`, dtype = 'float32' } = options;
    return inPlace('input', () => {
      const shape = checkExampleShape('shape', options.shape);
      checkInputName(name);
      checkDType(dtype);
      return placeholder(name, [null, ...shape], dtype, this.graph);
    });
  }

  /** Layers in a row. The first needs `inputShape`. @throws RuntimeError in eager mode */
  sequential(layers: readonly Layer[]): Model {
    this.#refuseEager('sequential');
    const input = this.input({ shape: inPlace('sequential', () => firstShape(layers)), name: 'x' });
    const output = layers.reduce((x, layer) => layer.apply(x), input);
    return new Model(this.#runtime, new Network([input], [output]), true);
  }

  /** Any graph of layers between inputs and outputs. @throws RuntimeError in eager mode */
  model(options: {
    inputs: SymbolicTensor | readonly SymbolicTensor[];
    outputs: SymbolicTensor | readonly SymbolicTensor[];
  }): Model {
    this.#refuseDisposed();
    this.#refuseEager('model');
    checkOptions('model', options, ['inputs', 'outputs']);
    const network = new Network([options.inputs].flat(), [options.outputs].flat());
    if ([...network.inputs, ...network.outputs].some((x) => x.graph !== this.graph)) {
      throw new ValueError('model: its tensors belong to another engine; make the model with that one', 'GRAPH');
    }
    return new Model(this.#runtime, network, false);
  }

  /** Binds a layer to this engine, for life. Needed only to build a layer that is in no model. */
  bind<L extends Layer>(layer: L): L {
    checkLayer('bind: its argument', layer);
    layer.bindTo(this);
    return layer;
  }

  /** Reads a folder that `model.save` wrote. Plugins are those of the engine and those given. */
  load(folder: string, options: { plugins?: readonly Plugin[] } = {}): Promise<Model> {
    this.#refuseDisposed();
    checkOptions('load', options, ['plugins']);
    const plugins = new Set([...this.#parts.plugins, ...(options.plugins ?? [])]);
    return this.#track(() => loadModel(this.#runtime, folder, [...plugins]));
  }

  /** @internal */
  createVariable(spec: VariableSpec): Variable {
    this.#refuseDisposed();
    return this.#state.create(this.graph, spec);
  }

  /** @internal */
  freeVariable(variable: Variable): void {
    this.#state.free(variable);
  }

  /** @internal */
  compute(value: SymbolicTensor): Tensor {
    this.#refuseDisposed();
    return this.#eager.compute(value);
  }

  /**
   * Runs `body`; layers that are first used in it have their variables below the scope, with its defaults.
   *
   * @param scope a name below the scope outside, or a scope that an earlier call was given
   */
  variableScope<T>(scope: string | VariableScope, options: ScopeOptions, body: (scope: VariableScope) => T): T {
    checkOptions('variableScope', options, ['reuse', 'initializer', 'regularizer', 'partitioner']);
    const { scopes } = this.graph;
    return scopes.within(scopes.enter(scope, options), body);
  }

  lookup(kind: PartKind, name: string): Part {
    return this.#parts.lookup(kind, name);
  }

  /** @internal */
  runOp(op: OpDefinition, operands: readonly (Tensor | Variable | number)[], attributes: object): Tensor {
    this.#refuseDisposed();
    return this.#eager.runOp(op, operands, attributes);
  }

  /** @internal */
  runLayer(layer: Layer, inputs: readonly Tensor[], options: Readonly<Record<string, unknown>>): Tensor {
    this.#refuseDisposed();
    return this.#eager.runLayer(layer, inputs, options);
  }

  /** Ends running work after its running step and stops all threads. Further calls are refused. */
  async dispose(): Promise<void> {
    this.#disposal.abort(new RuntimeError('the engine was disposed', 'DISPOSED'));
    await Promise.allSettled(this.#work);
    await this.#executor.dispose();
    this.#runtime.guard.dispose();
  }

  /** As `dispose`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #track<T>(start: () => Promise<T>): Promise<T> {
    this.#refuseDisposed();
    const work = start();
    this.#work.add(work);
    try {
      return await work;
    } finally {
      this.#work.delete(work);
    }
  }

  #refuseEager(call: string): void {
    if (!this.graph.eager) return;
    throw new RuntimeError(
      `engine.${call} is not supported in eager mode; apply layers to tensors, or create the engine with mode: 'graph'`,
      'EAGER',
    );
  }

  #refuseDisposed(): void {
    if (this.#disposal.signal.aborted) throw new RuntimeError('the engine was disposed; create a new one', 'DISPOSED');
  }
}
