/** When the values of a program's activations live, on a device that does the whole batch at once. */
import type { Program, Value } from '@convoy/engine/executors';

/** One value in memory from the call that writes it to the last that reads it; views of it share it. */
export interface Life {
  readonly value: number;
  /** Positions in the order of calls. */
  readonly first: number;
  last: number;
}

export interface Lives {
  /** Indices of calls in the order in which they run. */
  readonly order: readonly number[];
  /** By position in the order: the life of each input and output that lies among the activations, else null. */
  readonly inputs: readonly (readonly (Life | null)[])[];
  readonly outputs: readonly (readonly (Life | null)[])[];
}

/** Slots are reused: what a call reads at an offset is what was last written there. */
export function livesOf(program: Program): Lives {
  const order = program.phases.flatMap((phase) =>
    phase.kind === 'shards' ? phase.calls : phase.tasks.flatMap((task) => task.calls),
  );
  const current = new Map<number, Life>();
  const inputs: (Life | null)[][] = [];
  const outputs: (Life | null)[][] = [];
  order.forEach((index, position) => {
    const call = program.calls[index];
    inputs.push(
      call.inputs.map((number) => {
        const value = program.values[number];
        if (value.part !== 'activations' || isEmpty(value)) return null;
        const life = current.get(value.offset);
        if (!life) throw new TypeError(`call ${index} ('${call.kernel}') reads a slot that nobody has written`);
        life.last = position;
        return life;
      }),
    );
    outputs.push(
      call.outputs.map((number) => {
        const value = program.values[number];
        if (value.part !== 'activations' || isEmpty(value)) return null;
        const life = { value: number, first: position, last: position };
        current.set(value.offset, life);
        return life;
      }),
    );
  });
  return { order, inputs, outputs };
}

/** Empty values take no memory, and may have the offset of another. */
function isEmpty({ shape }: Value): boolean {
  return shape.includes(0);
}
