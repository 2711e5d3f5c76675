import type { SharedMemory } from '../define/op/kernel.js';
import type { KernelModule } from '../define/plugin/backend.js';
import { describeValue } from '../define/plugin/describe-value.js';
import { ConvoyError, ValueError } from '../errors.js';
import type { Executor } from './executor.js';

/** What an executor of a backend is made with. */
export interface ExecutorContext {
  /** The engine's one memory: batches, state and control blocks lie at the addresses of a job's placement. */
  readonly memory: SharedMemory;
  /** The backend's options, as data. */
  readonly options: object;
  /** Whose programs it will run: a replica's, by its number, or null: the engine's, or those of the owner of the parameters. */
  readonly replica: number | null;
  /** For what the end of the process must wait: see `GuardWord`. */
  readonly guard: Int32Array;
}

/** Makes an executor: one for each engine, and in a run with replicas one on the thread of each and one on the owner's. */
export type ExecutorFactory = (context: ExecutorContext) => Executor | Promise<Executor>;

/** Types the default export of an executor module. */
export function defineExecutor(factory: ExecutorFactory): ExecutorFactory {
  return factory;
}

/** @throws ValueError when the module cannot be loaded; the executor's own errors pass */
export async function loadExecutor(module: KernelModule, context: Omit<ExecutorContext, 'options'>): Promise<Executor> {
  const place = `${module.owner}: its executor module ${module.url}`;
  let exported: { default?: unknown };
  try {
    exported = (await import(module.url)) as { default?: unknown };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(`${place} cannot be imported: ${reason}`, 'BACKEND_EXECUTOR', { cause });
  }
  const { default: factory } = exported;
  if (typeof factory !== 'function') {
    throw new ValueError(
      `${place} must default-export defineExecutor(...), got ${describeValue(factory)}`,
      'BACKEND_EXECUTOR',
    );
  }
  try {
    return await (factory as ExecutorFactory)({ ...context, options: module.options });
  } catch (cause) {
    if (cause instanceof ConvoyError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(`${place} cannot make its executor: ${reason}`, 'BACKEND_EXECUTOR', { cause });
  }
}
