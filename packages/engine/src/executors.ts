/**
 * For backends that do the steps themselves, on a device with memory of its own: the contract between the engine and an executor, the control
 * block of a run, and actors. An executor module does nothing on import and default-exports `defineExecutor(...)`.
 *
 * @packageDocumentation
 */
export { Actor, exposeActor, handOver, type Remote } from './execute/actor.js';
export type { Executor, Job } from './execute/executor.js';
export { defineExecutor, type ExecutorContext, type ExecutorFactory } from './execute/executor-module.js';
export { GuardWord } from './execute/exit-guard.js';
export { errorOf, failureOf, type Failure } from './execute/failure.js';
export { loadKernels, type KernelLibrary, type KernelSources } from './execute/load-kernels.js';
export { fromJson, numberFromJson } from './define/plugin/json-data.js';
export { Control, Poison, Word } from './memory/control.js';
export type { Placement, RunStart } from './memory/placement.js';
export { passesOverShards, type Call, type Field, type Program, type Value } from './graph/program.js';
