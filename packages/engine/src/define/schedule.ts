import { asPart, type Part, type PartConfig } from './plugin.js';
import type { SymbolicTensor } from './symbolic-tensor.js';

/** The learning rate as a function of the step, in ops: part of the program. */
export interface Schedule {
  /** `step` is a scalar: steps done since the model was compiled, 0 at the first. */
  at(step: SymbolicTensor): SymbolicTensor;
  readonly config: PartConfig;
}

export interface ScheduleFactory<O extends object> extends Part {
  (options: O): Schedule;
}

export function defineSchedule<O extends object>(
  name: string,
  rule: (options: O) => (step: SymbolicTensor) => SymbolicTensor,
): ScheduleFactory<O> {
  const made: ScheduleFactory<O> = asPart('schedule', name, (options: O) => ({
    at: rule(options),
    config: { part: made, options },
  }));
  return made;
}
