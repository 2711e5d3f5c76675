/** A run on the device: steps from the batches that the source feeds, committed when their results have come back. */
import { Control, Poison, Word, type Placement, type RunStart } from '@convoy/engine/executors';
import type { SharedMemory } from '@convoy/engine/kernels';
import type { DeviceProgram, StepNumbers } from './device-program.js';
import type { DeviceOutputs } from './device-outputs.js';
import type { DeviceState } from './device-state.js';
import { RESULT_RING } from './finish-step.js';

/** All that a run works on. */
export interface Resident {
  readonly program: DeviceProgram;
  readonly state: DeviceState;
  readonly outputs: DeviceOutputs;
}

export interface StepsOf {
  readonly memory: SharedMemory;
  readonly placement: Placement;
  readonly start: RunStart;
  /** Asked between steps: whether the thread is to end. */
  readonly stopped: () => boolean;
}

/** Steps after which results are asked for at the latest, and time. Less than half of the ring, for the next ones go on meanwhile. */
const STEPS_PER_REPORT = RESULT_RING / 4;
const REPORT_MS = 40;
/** A nap while there is no batch; the source wakes it. */
const NAP_MS = 20;

interface Asked {
  /** Resolves when the steps of the report are committed. */
  readonly done: Promise<void>;
}

/** Does steps until the target, the fence, a pause or a step that does not count. */
export async function runSteps({ program, state, outputs }: Resident, run: StepsOf): Promise<void> {
  const { placement, start } = run;
  const { buffer: memory } = run.memory;
  const control = new Control(memory, placement.control, program.program.results.length);
  const sideOf = (index: number): number => (start.flips ? start.side ^ (index & 1) : start.side);
  const begun = control.load(Word.committed);
  const examples: number[] = [];
  let index = begun;
  let asked = null as Asked | null;
  let reportAt = performance.now() + REPORT_MS;
  let unasked = 0;
  program.clearFence();
  try {
    await state.upload(memory, placement.state, {
      side: sideOf(begun),
      flips: start.flips,
      version: start.stateVersion,
    });
    while (!leaves()) {
      program.session.throwIfFailed();
      if (control.load(Word.filled + (index & 1)) === index + 1) await step();
      else if (unasked > 0 || asked) await drain();
      else await batch();
    }
    await drain();
    program.session.throwIfFailed();
    if (start.flips) await state.download(memory, placement.state, sideOf(control.load(Word.committed)));
    program.session.throwIfFailed();
  } catch (error) {
    // What the device did since the run began is lost with it: those steps never happened.
    if (start.flips) control.store(Word.committed, begun);
    throw await program.explained(error, sideOf(index));
  } finally {
    await Promise.allSettled([asked?.done]);
    await Promise.all([program.settle(), state.settle()]);
  }

  function leaves(): boolean {
    const end = Math.min(control.load(Word.target), control.load(Word.fence));
    return index >= end || control.load(Word.pause) !== 0 || control.load(Word.poison) !== Poison.none || run.stopped();
  }

  async function step(): Promise<void> {
    const slot = index & 1;
    const at = placement.batch[slot];
    const count = control.load(Word.examples + slot);
    examples.push(count);
    const shardOf = start.shardOf ?? { before: 0, count };
    const numbers: StepNumbers = { examples: count, step: start.firstStep + index, index, ...shardOf };
    const due = !asked && (unasked + 1 >= STEPS_PER_REPORT || performance.now() >= reportAt);
    await program.step(memory, at, numbers, sideOf(index), (encoder) => {
      if (due) program.copyReport(encoder);
      outputs.copy(encoder);
    });
    index++;
    unasked++;
    if (outputs.any) await outputs.read(memory, at, count);
    // The batch is copied: its slot may be filled again before the step is committed.
    control.take(index);
    if (due) ask();
    else if (unasked >= STEPS_PER_REPORT) await asked?.done;
  }

  function ask(): void {
    const upTo = index;
    const done = program.report.read((bytes) => commit(bytes, upTo)).finally(() => (asked = null));
    // Whoever drains meets what goes wrong.
    done.catch(() => undefined);
    asked = { done };
    unasked = 0;
    reportAt = performance.now() + REPORT_MS;
  }

  /** Waits until all steps that the device was given are committed. */
  async function drain(): Promise<void> {
    await asked?.done;
    if (unasked === 0) return;
    const encoder = program.session.encoder(
      `program '${program.program.name}', results up to step ${start.firstStep + index}`,
    );
    program.copyReport(encoder);
    program.session.submit(encoder);
    ask();
    await asked?.done;
  }

  /** Commits the steps before `upTo`, in order; those from the first one that is not finite never happened. */
  function commit(bytes: Uint8Array, upTo: number): void {
    const results = program.program.results.length;
    const ring = new Float32Array(bytes.buffer, bytes.byteOffset, RESULT_RING * Math.max(1, results));
    const [fence] = new Int32Array(bytes.buffer, bytes.byteOffset + ring.byteLength, 1);
    for (let done = control.load(Word.committed); done < upTo; done++) {
      if (start.flips && fence <= done) {
        control.poison(Poison.nonFinite);
        return;
      }
      const row = (done % RESULT_RING) * results;
      control.record(done, (i) => (i === 0 ? examples[done - begun] : ring[row + i - 1]));
      control.commit(done + 1);
    }
  }

  /** Waits for the source without holding up the thread. */
  async function batch(): Promise<void> {
    const word = Word.filled + (index & 1);
    const seen = control.load(word);
    if (seen === index + 1) return;
    await Atomics.waitAsync(control.words, word, seen, NAP_MS).value;
  }
}
