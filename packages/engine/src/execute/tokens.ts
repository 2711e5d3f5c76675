import type { PartIndex } from '../define/plugin/part-index.js';
import { token } from '../di.js';
import type { Arena } from '../memory/arena.js';
import type { State } from '../memory/state.js';
import type { Executor } from './executor.js';
import type { ExitGuard } from './exit-guard.js';
import type { EngineKernels } from './kernel-source.js';
import type { Turns } from './turns.js';
import type { WorkerCount } from './worker-count.js';

export const ARENA = token<Arena>('Arena');
export const STATE = token<State>('State');
export const TURNS = token<Turns>('Turns');
export const EXECUTOR = token<Executor>('Executor');
export const GUARD = token<ExitGuard>('Guard');
export const WORKERS = token<WorkerCount>('Workers');
export const KERNELS = token<EngineKernels>('Kernels');
export const PARTS = token<PartIndex>('Parts');
/** Whether the engine was created with `mode: 'eager'`. */
export const EAGER = token<boolean>('Eager');
export const SEED = token<number>('Seed');
