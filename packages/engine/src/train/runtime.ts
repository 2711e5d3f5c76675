import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Graph } from '../define/op/graph.js';
import type { LayerHost } from '../define/layer/layer-host.js';
import type { Tensor, TensorValues } from '../define/op/tensor.js';
import type { EngineKernels } from '../execute/kernel-source.js';
import type { Executor } from '../execute/executor.js';
import type { ExitGuard } from '../execute/exit-guard.js';
import type { Turns } from '../execute/turns.js';
import type { Arena } from '../memory/arena.js';
import type { State } from '../memory/state.js';
import type { Model } from './model.js';

/** What models need of their engine. */
export interface Runtime {
  readonly graph: Graph;
  readonly host: LayerHost;
  readonly arena: Arena;
  readonly state: State;
  readonly kernels: EngineKernels;
  readonly executor: Executor;
  /** Has the end of the process wait for threads of devices. */
  readonly guard: ExitGuard;
  /** Whose turn it is to use the memory. */
  readonly turns: Turns;
  /** Runs that write, one after the other. */
  readonly writers: Turns;
  readonly seed: number;
  tensor(values: TensorValues, shape: readonly number[]): Tensor;
  /** Writes a model into a folder. */
  save(model: Model, folder: string): Promise<void>;
  /** Aborted when the engine is disposed. */
  readonly disposal: AbortSignal;
  /** Starts work that `dispose` waits for. @throws (as a rejection) RuntimeError after `dispose` */
  track<T>(work: () => Promise<T>): Promise<T>;
  /** Whether the caller is, directly or not, a callback of a running `fit`. */
  readonly callbacks: AsyncLocalStorage<true>;
}
