import { stepsOf, UNKNOWN_STEPS, type BatchSource } from '../data/batch-source.js';
import { runJob } from '../execute/run-job.js';
import { Word } from '../memory/control.js';
import type { RunStart } from '../memory/placement.js';
import type { FitModel } from './fit.js';
import { feedWhile } from './feed-while.js';
import { jobOf, type Plan } from './plan.js';
import { Progress, totals } from './progress.js';
import type { Batching } from './program-sources.js';
import type { Runtime } from './runtime.js';
import type { EpochDone, EpochInput, Trainer } from './trainer.js';

/** Synchronous training: the engine's workers share every step. */
export class GangTrainer implements Trainer {
  readonly report = null;
  readonly #runtime: Runtime;
  readonly #model: FitModel;
  readonly #source: BatchSource;
  readonly #batching: Batching;
  readonly #claim: RunStart['claim'];

  constructor(runtime: Runtime, model: FitModel, source: BatchSource, batching: Batching, claim: RunStart['claim']) {
    this.#runtime = runtime;
    this.#model = model;
    this.#source = source;
    this.#batching = batching;
    this.#claim = claim;
  }

  prepare() {
    return this.#withPlan(async ({ program }) => {
      await this.#source.open();
      return {
        workers: this.#runtime.executor.workers,
        shards: program.shards,
        stepsPerEpoch: this.#source.rows === null ? null : stepsOf(this.#source, this.#batching.batchSize),
      };
    });
  }

  epoch(input: EpochInput): Promise<EpochDone> {
    return this.#withPlan((plan) => this.#runEpoch(plan, input));
  }

  /** There is nothing that outlives an epoch. */
  async dispose(): Promise<void> {}

  /** The plan is made anew when what is trainable has changed. */
  #withPlan<T>(work: (plan: Plan) => Promise<T>): Promise<T> {
    return this.#model.withPlan(this.#batching.batchSize, this.#batching.shards, work);
  }

  /**
   * One pass over the data: the source feeds, the workers run from fence to fence. What is trainable may change at a fence:
   * the steps that follow are another plan's, and go on with the slots and the control block that the pass began with.
   */
  async #runEpoch(plan: Plan, input: EpochInput): Promise<EpochDone> {
    const [runtime, model, source] = [this.#runtime, this.#model, this.#source];
    const { control } = plan.placed;
    const { aborted, epoch } = input;
    const { callbacks, stepsPerFence = UNKNOWN_STEPS } = input.options;
    const names = plan.program.results.map((r) => r.name);
    const stepsBefore = model.counts.steps;
    const shuffle = input.shuffle ? { seed: runtime.seed, epoch: model.counts.epochs } : null;
    await runtime.state.copyCurrentOver();
    control.reset(stepsOf(source, this.#batching.batchSize), stepsPerFence);
    model.counts.epochs++;
    const progress = new Progress(control, names, epoch, input.events);
    const left = (): void => {
      model.counts.steps = stepsBefore + control.load(Word.committed);
    };
    let lost = 0;
    try {
      const target = { plan, fields: [...model.inputs, ...model.targets], shuffle, aborted };
      await feedWhile(runtime, source, target, async (stopped) => {
        let running = plan;
        for (let step = -1; !stopped() && step < control.load(Word.target);) {
          await this.#withPlan(async (current) => {
            if (current !== running) await runtime.state.copyCurrentOver();
            running = current;
            runtime.state.busy = true;
            lost += await runJob(jobOf(runtime, current, stepsBefore, plan, this.#claim), {
              ...runtime,
              stopped,
              left,
            });
            runtime.state.busy = false;
          });
          step = control.load(Word.committed);
          if (stopped() || step < control.load(Word.fence)) break;
          await input.callback(() => callbacks?.onFence?.({ epoch, step, logs: totals(control, names) }));
          control.store(Word.fence, Math.min(UNKNOWN_STEPS, step + stepsPerFence));
        }
      });
      return { lost, ...progress.end() };
    } finally {
      runtime.state.busy = false;
      progress.end();
    }
  }
}
