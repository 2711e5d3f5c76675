import { namedRule, partFactory } from './plugin/part-factory.js';
import type { Part, PartConfig } from './plugin/plugin.js';
import type { SymbolicTensor } from './op/symbolic-tensor.js';

/** The learning rate as a function of the step, in ops: part of the program. */
export interface Schedule {
  /** `step` is a scalar: steps done since the model was compiled, 0 at the first. */
  at(step: SymbolicTensor): SymbolicTensor;
  /** The factory that made it and its options, for saving. */
  readonly config: PartConfig;
}

/** Makes a schedule of its options. Made by `defineSchedule`, listed in a plugin. */
export interface ScheduleFactory<O extends object> extends Part {
  (options?: O): Schedule;
}

/** Makes a schedule of its rule. `known` lists its options. */
export function defineSchedule<O extends object>(
  name: string,
  rule: (options: Partial<O>) => (step: SymbolicTensor) => SymbolicTensor,
  known: readonly (keyof O & string)[] = [],
): ScheduleFactory<O> {
  return partFactory<'schedule', O, Schedule>('schedule', name, known, (options, config) => ({
    at: namedRule('schedule', name, rule(options)),
    config,
  }));
}
