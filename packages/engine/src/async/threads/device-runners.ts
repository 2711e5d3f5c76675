import { sizeOf } from '../../define/op/shape.js';
import type { Program } from '../../graph/program.js';
import { Control } from '../../memory/control.js';
import type { Placement } from '../../memory/placement.js';
import { OneStep, type PromptExecutor } from './one-step.js';
import type { DeviceSetup, RunSetup } from './run-setup.js';
import type { GradientRunner, Runners, UpdateRunner } from './runners.js';
import { sumSlabs } from './sum-slabs.js';

/** An executor of the backend's own does a party's programs, one step at a time, while the party's thread waits. */
export class DeviceRunners implements Runners {
  readonly #setup: RunSetup;
  readonly #device: DeviceSetup;
  readonly #executor: PromptExecutor;

  constructor(setup: RunSetup, device: DeviceSetup, executor: PromptExecutor) {
    this.#setup = setup;
    this.#device = device;
    this.#executor = executor;
  }

  training(replica: number) {
    const { placement } = this.#placeOf(replica);
    return { gradients: this.#gradients(placement), update: this.#update(placement, placement) };
  }

  update(replica: number): UpdateRunner {
    const { state } = this.#setup;
    const { placement } = this.#placeOf(replica);
    return this.#update({ ...placement, control: this.#device.control, state }, placement);
  }

  mixing(placement: Placement): UpdateRunner {
    const step = this.#stepOf('mixing', this.#setup.mixing as Program, placement);
    return {
      results: [],
      conclude: (_, of) => step.run(placement.batch[0], of.count, of),
    };
  }

  /** The slots of shards lie one after the other, each with its gradients behind the rows. */
  #gradients(placement: Placement): GradientRunner {
    const { program, variables } = this.#device.cut.gradients;
    const step = this.#stepOf('gradients', program, { ...placement, state: pick(placement.state, variables) });
    const { batchSize, bytes } = program;
    const slotOf = (shard: number): number => placement.batch[0] + shard * bytes.batch;
    return {
      slotOf: (shard) => ({ batch: slotOf(shard), first: 0 }),
      slabOf: (shard) => placement.gradients + shard * bytes.batch,
      compute(shard, of) {
        const before = shard * batchSize;
        const examples = Math.min(batchSize, of.count - before);
        return step.run(slotOf(shard), examples, of, { before, count: of.count });
      },
    };
  }

  /** @param slabs - where the gradients are */
  #update(placement: Placement, { gradients: first }: Placement): UpdateRunner {
    const { gradients, update } = this.#device.cut;
    const { program, variables } = update;
    const step = this.#stepOf('update', program, { ...placement, state: pick(placement.state, variables) });
    const spans = program.inputs.map(({ offset, shape }) => ({ offset, length: sizeOf(shape) }));
    const { buffer } = this.#setup.memory;
    return {
      get results() {
        return step.results;
      },
      conclude(shards, of) {
        const slabs = Array.from({ length: shards }, (_, shard) => first + shard * gradients.program.bytes.batch);
        // A slab has the layout of the program's slot.
        return sumSlabs(buffer, slabs, spans) && step.run(first, of.count, of);
      },
    };
  }

  #stepOf(part: string, program: Program, placement: Placement): OneStep {
    const { memory, sources } = this.#setup;
    const control = new Control(memory.buffer, placement.control, program.results.length);
    return new OneStep(this.#executor, { id: `${this.#device.id} ${part}`, program, placement, control, sources });
  }

  #placeOf(replica: number): RunSetup['replicas'][number] {
    return this.#setup.replicas[replica] as RunSetup['replicas'][number];
  }
}

function pick(state: Placement['state'], variables: readonly number[]): Placement['state'] {
  return variables.map((index) => state[index] as Placement['state'][number]);
}
