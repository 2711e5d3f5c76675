import type { Backend, KernelModule } from './define/plugin/backend.js';
import { describeValue } from './define/plugin/describe-value.js';
import { checkOptions } from './define/plugin/options.js';
import { PartIndex } from './define/plugin/part-index.js';
import type { Plugin } from './define/plugin/plugin.js';
import { createContainer, provide, provideClass, resolve, token } from './di.js';
import { Engine } from './engine.js';
import { ValueError } from './errors.js';
import { loadExecutor } from './execute/executor-module.js';
import type { Executor } from './execute/executor.js';
import { ExitGuard } from './execute/exit-guard.js';
import { InlineExecutor } from './execute/inline-executor.js';
import { EngineKernels } from './execute/kernel-source.js';
import { PoolExecutor } from './execute/pool-executor.js';
import { runWithinTurn } from './execute/run-within-turn.js';
import { ARENA, EAGER, EXECUTOR, GUARD, KERNELS, PARTS, SEED, STATE, TURNS, WORKERS } from './execute/tokens.js';
import { Turns } from './execute/turns.js';
import { workerCount } from './execute/worker-count.js';
import { Arena } from './memory/arena.js';
import { State } from './memory/state.js';
import { standard } from './standard/plugin.js';

const ENGINE = token<Engine>('Engine');

/** What an engine is made of; only `backend` is needed. */
export interface EngineOptions {
  /** Where kernels come from, such as `wasm()` of @convoy/backend-wasm. */
  readonly backend: Backend;
  /**
   * Threads that compute: a number, 'auto' (default: one for each processor that this process may use, within the quota of its
   * control group; `engine.workersReason` says why so many), or 'inline' (none: steps run on the caller's thread). Results do
   * not depend on it. A backend that computes on a device has no use for it.
   */
  readonly workers?: number | 'auto' | 'inline';
  /** An integer, for initial weights, shuffling and dropout. Default: 0. */
  readonly seed?: number;
  /** Needed to name parts by strings ('adam') and to load saved models. */
  readonly plugins?: readonly Plugin[];
  /**
   * 'graph' (default): layers are applied to symbolic tensors and make models; concrete tensors are computed at once as
   * well. 'eager': concrete tensors only, as TensorFlow's eager mode.
   */
  readonly mode?: 'graph' | 'eager';
}

/**
 * Makes an engine. Threads start with the first run.
 *
 * @throws ValueError for bad options, kernels that cannot be loaded, names that two plugins claim
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  checkOptions('createEngine', options, ['backend', 'workers', 'seed', 'plugins', 'mode']);
  const { backend, workers = 'auto', seed = 0, plugins = [], mode = 'graph' } = options;
  if (backend?.kind !== 'backend') {
    throw new ValueError(
      `createEngine: 'backend' is needed, as in createEngine({ backend: wasm() }) with wasm from '@convoy/backend-wasm', ` +
        `got ${describeValue(backend)}`,
      'OPTION',
    );
  }
  if (!Number.isSafeInteger(seed)) {
    throw new ValueError(`createEngine: seed must be an integer, got ${describeValue(seed)}`, 'OPTION');
  }
  const modes: readonly unknown[] = ['graph', 'eager'];
  if (!modes.includes(mode)) {
    throw new ValueError(`createEngine: mode must be 'graph' or 'eager', got ${describeValue(mode)}`, 'OPTION');
  }
  if (!Array.isArray(plugins)) {
    throw new ValueError(
      `createEngine: plugins must be a list of what definePlugin makes, got ${describeValue(plugins)}`,
      'PLUGIN',
    );
  }
  const container = createContainer();
  const arena = new Arena();
  const turns = new Turns();
  const guard = new ExitGuard();
  provide(container, ARENA, arena);
  provide(container, TURNS, turns);
  provide(container, STATE, new State(arena, seed, (read) => runWithinTurn(turns, read)));
  provide(container, SEED, seed);
  provide(container, EAGER, mode === 'eager');
  provide(container, WORKERS, workerCount(workers));
  provide(container, PARTS, new PartIndex([standard, ...plugins]));
  provide(container, KERNELS, await EngineKernels.load(backend, plugins, arena));
  provide(container, GUARD, guard);
  if (backend.executor) provide(container, EXECUTOR, await guarded(backend.executor, arena, guard));
  else provideClass(container, EXECUTOR, workers === 'inline' ? InlineExecutor : PoolExecutor);
  provideClass(container, ENGINE, Engine);
  return resolve(container, ENGINE);
}

/** The backend's own executor. While it opens, and until the engine is disposed, the end of the process waits for its threads. */
async function guarded(module: KernelModule, { memory }: Arena, guard: ExitGuard): Promise<Executor> {
  guard.watch();
  try {
    return await loadExecutor(module, { memory, guard: guard.words, replica: null });
  } catch (error) {
    guard.dispose();
    throw error;
  }
}
