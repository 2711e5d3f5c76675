import type { BatchSource } from '../data/batch-source.js';
import type { ArrayData, Data } from '../data/dataset.js';
import type { Layer } from '../define/layer/layer.js';
import { checkOptions } from '../define/plugin/options.js';
import type { Variable } from '../define/variable/variable.js';
import { inPlace, RuntimeError } from '../errors.js';
import type { Program } from '../graph/program.js';
import { printProgram } from '../graph/print-program.js';
import type { CompileOptions } from './compile.js';
import { evaluate } from './evaluate.js';
import { inference, INFERENCE_BATCH, type EvaluateOptions } from './evaluate-options.js';
import type { EventQueue } from './event-queue.js';
import type { Logs } from './events.js';
import { fit, type FitModel } from './fit.js';
import { batching, checkFit, type FitOptions } from './fit-options.js';
import { FitRun } from './fit-run.js';
import type { Network } from './network.js';
import { compileFor } from './plan.js';
import { PlanStore } from './plan-store.js';
import { rowShape } from './objective.js';
import { predict } from './predict.js';
import { evaluationSource, inputFields, predictSource, shardingOf, trainingSource } from './program-sources.js';
import { replicaPlan } from './replica-plan.js';
import type { Runtime } from './runtime.js';
import { sourceOf } from './source-of.js';
import { summarize } from './summary.js';
import { Training } from './training.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Tensor } from '../define/op/tensor.js';

/** Layers between inputs and outputs; `compile` it, then `fit`, `evaluate`, `predict`, `save`. */
export class Model {
  /** @internal */
  readonly network: Network;
  /** True for `engine.sequential`. */
  readonly sequential: boolean;
  /** Set it in a callback to end `fit` after the running epoch. */
  stopTraining = false;
  readonly #runtime: Runtime;
  #training: Training | null = null;
  readonly #plans: PlanStore;
  #fits = 0;

  constructor(runtime: Runtime, network: Network, sequential: boolean) {
    this.#runtime = runtime;
    this.#plans = new PlanStore(runtime);
    this.network = network;
    this.sequential = sequential;
  }

  /** In the order in which data passes through them. */
  get layers(): readonly Layer[] {
    return this.network.layers;
  }

  /** The variables of the layers; not the optimizer's. */
  get weights(): readonly Variable[] {
    return this.network.variables;
  }

  /**
   * Chooses how to train. Optimizer values start anew.
   *
   * @throws ValueError when loss and output do not fit; RuntimeError while the model trains
   */
  compile(options: CompileOptions): void {
    if (this.#fits > 0) {
      throw new RuntimeError('compile: the model is training; await its fit first, or abort it', 'BUSY');
    }
    this.#runtime.disposal.throwIfAborted();
    const training = new Training(this.#runtime, this.network, options);
    this.#training?.free();
    this.#training = training;
    this.#plans.drop('fit');
    this.#plans.drop('evaluate');
  }

  /** The state of training: optimizer values, step and epoch counts. @throws RuntimeError before `compile` @internal */
  get training(): Training {
    if (!this.#training)
      throw new RuntimeError('the model is not compiled: call model.compile({ optimizer, loss }) first', 'UNCOMPILED');
    return this.#training;
  }

  /** What the last `fit` ran; null before. @internal */
  get trainingProgram(): Program | null {
    return this.#plans.programOf('fit');
  }

  /** Whether `compile` was called. */
  get compiled(): boolean {
    return this.#training !== null;
  }

  /** To be read and set in callbacks and between runs. @throws RuntimeError at other times, and for a schedule */
  get learningRate(): number {
    return this.training.learningRate;
  }

  /** @throws ValueError for a rate below 0; RuntimeError as for reading */
  set learningRate(rate: number) {
    this.training.learningRate = rate;
  }

  /**
   * Trains. The result is a promise of the history and an async iterable of events.
   *
   * @throws (as a rejection) ValueError for data that does not fit, RuntimeError when a loss is not finite or threads
   *   keep dying, the signal's reason after an abort. The weights are those of the last whole step.
   */
  fit(data: Data, options: FitOptions = {}): FitRun {
    const { training } = this;
    checkFit(options);
    if (this.#runtime.callbacks.getStore()) {
      throw new RuntimeError(
        'fit: called in a callback of another fit, which would wait for it and it for that one; call it afterwards',
        'BUSY',
      );
    }
    const local = new AbortController();
    const signals = [local.signal, this.#runtime.disposal, ...(options.signal ? [options.signal] : [])];
    const aborted = AbortSignal.any(signals);
    return new FitRun(
      (reason) => local.abort(reason),
      (events) => this.#runtime.track(() => this.#fit(training, data, options, aborted, events)),
    );
  }

  async #fit(training: Training, data: Data, options: FitOptions, aborted: AbortSignal, events: EventQueue) {
    this.#fits++;
    try {
      aborted.throwIfAborted();
      const done = await fit(this.#runtime, this.#fitModel(training), data, options, aborted, events);
      const history = { ...done, eventsDropped: events.dropped };
      events.emit({ type: 'end', history });
      return history;
    } finally {
      this.#fits--;
    }
  }

  #fitModel(training: Training): FitModel {
    return {
      control: this,
      inputs: inputFields(this.network),
      targets: training.objective.targets,
      counts: training,
      results: training.objective.results.length,
      trained: { trainable: this.network.trainable, optimizer: training.compiled.optimizer },
      planReplicas: async (last, input) =>
        last?.key === this.#trainedNames
          ? last
          : replicaPlan(this.#runtime, this.#trainedNames, { ...input, network: this.network, training }),
      withPlan: (batchSize, shards, work) => {
        const key = `${batchSize}/${shards}/${this.#trainedNames}`;
        return this.#plans.use('fit', key, () => trainingSource(this.network, training, { batchSize, shards }), work);
      },
      validate: (source, aborted) => this.#evaluate(source, { batchSize: INFERENCE_BATCH, aborted }),
    };
  }

  /** Of all variables that a step of training changes: another program is needed when they do. */
  get #trainedNames(): string {
    const updated = this.network.updates.map(({ variable }) => variable);
    return [...this.network.trainable, null, ...updated].map((variable) => variable?.name ?? '/').join();
  }

  /** Mean loss and metrics over a data set, in inference mode. @throws (as a rejection) ValueError for unfit data */
  evaluate(data: Data, options: EvaluateOptions = {}): Promise<Logs> {
    const { training } = this;
    const asked = inference('evaluate', options, this.#runtime.disposal);
    return this.#runtime.track(async () => {
      const source = sourceOf('evaluate', data, inputFields(this.network), training.objective.targets);
      try {
        return await this.#evaluate(source, asked);
      } finally {
        await source.dispose();
      }
    });
  }

  #evaluate(source: BatchSource, { batchSize, aborted }: ReturnType<typeof inference>): Promise<Logs> {
    const { training } = this;
    const graph = () => evaluationSource(this.network, training, { batchSize });
    const fields = [...inputFields(this.network), ...training.objective.targets];
    return this.#plans.use('evaluate', String(batchSize), graph, async (plan) => {
      await source.open();
      return evaluate(this.#runtime, plan, source, fields, training.steps, aborted);
    });
  }

  /** The output for every example, [examples, …]; of a model of several outputs the first (see `predictAll`). */
  async predict(x: ArrayData['x'], options: EvaluateOptions = {}): Promise<Tensor> {
    return (await this.predictAll(x, options))[0] as Tensor;
  }

  /** All outputs of the model for every example. */
  predictAll(x: ArrayData['x'], options: EvaluateOptions = {}): Promise<Tensor[]> {
    const { batchSize, aborted } = inference('predict', options, this.#runtime.disposal);
    return this.#runtime.track(() =>
      this.#plans.use(
        'predict',
        String(batchSize),
        () => predictSource(this.network, this.#runtime.seed, { batchSize }),
        async (plan) => {
          const { rows, outputs } = await predict(this.#runtime, plan, x, inputFields(this.network), aborted);
          return outputs.map((values, i) =>
            this.#runtime.tensor(values, [rows, ...rowShape((this.network.outputs[i] as SymbolicTensor).shape)]),
          );
        },
      ),
    );
  }

  /** The program that a step runs, as text: of training once compiled, else of `predict`. */
  explain(options: { batchSize?: number; shards?: number } = {}): string {
    checkOptions('explain', options, ['batchSize', 'shards']);
    const cut = inPlace('explain', () => batching(options));
    const source = this.#training
      ? trainingSource(this.network, this.#training, cut)
      : predictSource(this.network, this.#runtime.seed, cut);
    return printProgram(compileFor(this.#runtime, source));
  }

  /** A table of layers, shapes and parameters, and how a batch is cut: of 32, unless said. */
  summary(options: { batchSize?: number; shards?: number } = {}): string {
    checkOptions('summary', options, ['batchSize', 'shards']);
    const { workers, workersReason } = this.#runtime.executor;
    const cut = inPlace('summary', () => batching(options));
    const { shards } = shardingOf(this.network, cut);
    const idle = shards < workers ? '; fewer than workers, so some idle: use a larger batchSize' : '';
    return summarize(this.network, [
      `Workers: ${workers}, ${workersReason}. A batch of ${cut.batchSize} makes ${shards} shards${idle}.`,
    ]);
  }

  /** Writes model.json and weights.safetensors into a folder. @throws ValueError for parts that cannot be stored */
  save(folder: string): Promise<void> {
    return this.#runtime.track(() => this.#runtime.save(this, folder));
  }

  /** Copies of several variables, and what `also` reads of the model, all as of one step. */
  snapshot<T>(variables: readonly Variable[], also: () => T): Promise<{ values: Float32Array[]; also: T }> {
    return this.#runtime.state.readTogether(variables, also);
  }
}
