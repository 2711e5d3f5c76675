import type { PassOrder, ReplicaDriver } from '../async/replica-driver.js';
import { SimulatedReplicas } from '../async/simulate/simulated-replicas.js';
import { ReplicaThreads } from '../async/threads/replica-threads.js';
import type { ReplicaReport } from '../async/report.js';
import type { ArraySource } from '../data/array-source.js';
import { stepsOf, UNKNOWN_STEPS } from '../data/batch-source.js';
import type { ReplicaStrategy } from '../define/strategy.js';
import { inPlace } from '../errors.js';
import { Control, Word } from '../memory/control.js';
import type { FitModel } from './fit.js';
import { Progress, totals } from './progress.js';
import type { ReplicaPlan } from './replica-plan.js';
import { ReplicaTallies } from '../async/replica-tallies.js';
import type { Runtime } from './runtime.js';
import type { EpochDone, EpochInput, Trainer } from './trainer.js';

/** Training by a strategy: replicas and an owner on threads of their own. */
export class ReplicaTrainer implements Trainer {
  readonly #runtime: Runtime;
  readonly #model: FitModel;
  readonly #source: ArraySource;
  readonly #strategy: ReplicaStrategy;
  readonly #batchSize: number;
  readonly #replicas: number;
  readonly #tallies: ReplicaTallies;
  /** Replicas whose end has not been told yet, and those that live. */
  #live: number;
  #driver: ReplicaDriver | null = null;
  #plan: ReplicaPlan | null = null;
  #control: Control | null = null;

  constructor(runtime: Runtime, model: FitModel, source: ArraySource, strategy: ReplicaStrategy, batchSize: number) {
    this.#runtime = runtime;
    this.#model = model;
    this.#source = source;
    this.#strategy = strategy;
    this.#batchSize = batchSize;
    this.#replicas = strategy.replicas ?? runtime.executor.replicas ?? runtime.executor.workers;
    this.#live = this.#replicas;
    this.#tallies = new ReplicaTallies(strategy.name, this.#replicas, strategy.record ?? false);
  }

  async prepare() {
    inPlace('fit', () => this.#strategy.check?.(this.#model.trained));
    await this.#source.open();
    await this.#opened();
    const unitsPerStep = this.#unitsPerStep;
    return {
      workers: this.#replicas,
      shards: unitsPerStep,
      stepsPerEpoch: Math.ceil(stepsOf(this.#source, this.#batchSize) / unitsPerStep),
    };
  }

  async epoch(input: EpochInput): Promise<EpochDone> {
    const { control, results } = await this.#opened();
    const { epoch, aborted, events, options, callback } = input;
    const { callbacks, stepsPerFence = UNKNOWN_STEPS } = options;
    const [runtime, counts] = [this.#runtime, this.#model.counts];
    const units = stepsOf(this.#source, this.#batchSize);
    const stepsBefore = counts.steps;
    const shuffle = input.shuffle ? { seed: runtime.seed, epoch: counts.epochs } : null;
    control.reset(Math.ceil(units / this.#unitsPerStep));
    counts.epochs++;
    const progress = new Progress(control, results, epoch, events);
    const stop = (): void => void this.#driver?.stop();
    aborted.addEventListener('abort', stop);
    try {
      const unitsPerFence = Math.min(units, stepsPerFence * this.#unitsPerStep);
      for (let begin = 0; begin < units && !aborted.aborted; begin += unitsPerFence) {
        const end = Math.min(units, begin + unitsPerFence);
        await this.#pass({ units: { begin, end }, firstStep: stepsBefore, shuffle });
        const step = control.load(Word.committed);
        counts.steps = stepsBefore + step;
        aborted.throwIfAborted();
        if (end - begin < unitsPerFence || options.stepsPerFence === undefined) continue;
        await callback(() => callbacks?.onFence?.({ epoch, step, logs: totals(control, results) }));
      }
      aborted.throwIfAborted();
      const live = this.#driver?.live.length ?? 0;
      const lost = this.#live - live;
      this.#live = live;
      return { lost, ...progress.end() };
    } finally {
      counts.steps = stepsBefore + control.load(Word.committed);
      aborted.removeEventListener('abort', stop);
      progress.end();
    }
  }

  get report(): ReplicaReport {
    return this.#tallies.report(this.#driver);
  }

  async dispose(): Promise<void> {
    await this.#driver?.dispose();
    this.#plan?.free();
    if (this.#control) this.#runtime.arena.free(this.#control.address);
  }

  get #unitsPerStep(): number {
    return this.#strategy.oneBatch ? this.#replicas : 1;
  }

  /** A driver that is ready for the model as it is now. */
  async #opened(): Promise<ReplicaPlan> {
    this.#control ??= this.#newControl();
    const plan = await this.#model.planReplicas(this.#plan, {
      strategy: this.#strategy,
      replicas: this.#replicas,
      batchSize: this.#batchSize,
      data: this.#source,
      control: this.#control,
    });
    if (plan === this.#plan) return plan;
    const old = this.#plan;
    this.#plan = plan;
    this.#driver ??= await this.#start();
    try {
      await this.#driver.open(plan.setup);
    } finally {
      old?.free();
    }
    return plan;
  }

  async #start(): Promise<ReplicaDriver> {
    const { world } = this.#strategy;
    return world ? new SimulatedReplicas(this.#replicas, world) : ReplicaThreads.start(this.#replicas);
  }

  #newControl(): Control {
    const { arena } = this.#runtime;
    const results = this.#model.results;
    const address = arena.allocate(Control.bytes(results));
    // After the allocation, which may have made the memory longer: a buffer covers what was there when it was got.
    return new Control(arena.memory.buffer, address, results);
  }

  /** Some batches, while whoever else wants the memory gets it in between. */
  async #pass(of: Omit<PassOrder, 'side' | 'committed'>): Promise<void> {
    const { control } = await this.#opened();
    const driver = this.#driver as ReplicaDriver;
    const { state, turns } = this.#runtime;
    // What the program does not write must read the same from both sides.
    await state.copyCurrentOver();
    const { counts } = this.#model;
    /** What the owner has done so far is what everybody sees. */
    const look = (): void => {
      state.side = driver.side;
      counts.steps = of.firstStep + control.load(Word.committed);
    };
    let over = false;
    let yielding = Promise.resolve();
    let release = (): void => undefined;
    const contended = (): void => {
      yielding = yielding.then(async () => {
        if (over) return;
        await driver.pause();
        look();
        release();
        release = await turns.take(contended);
        await driver.resume();
      });
    };
    release = await turns.take(contended);
    try {
      state.busy = true;
      this.#tallies.add(await driver.pass({ ...of, side: state.side, committed: control.load(Word.committed) }));
    } finally {
      over = true;
      await yielding;
      look();
      state.busy = false;
      release();
    }
  }
}
