import type { Control } from '../memory/control.js';
import type { Program } from '../graph/program.js';
import type { KernelSources } from './load-kernels.js';
import type { Placement, RunStart } from '../memory/placement.js';

/** A program in its place, ready to run from `control.committed` on. */
export interface Job {
  /** Names the placed program: workers keep what they have bound for it. */
  readonly id: string;
  readonly program: Program;
  readonly placement: Placement;
  readonly start: RunStart;
  readonly control: Control;
  readonly sources: KernelSources;
}

/** Whoever does the steps of a job. One job runs at a time. */
export interface Executor {
  /** Threads that compute; 1 when it is the caller's. */
  readonly workers: number;
  /** Why so many; to be read after the number. */
  readonly workersReason: string;
  /** Name of the device that computes, where it is one. */
  readonly device?: string;
  /** Replicas of a strategy that does not say how many. Default: as many as there are workers. */
  readonly replicas?: number;
  /**
   * Does steps until the target is reached or the workers are asked to leave.
   *
   * @returns threads that died on the way and were replaced
   * @throws ConvoyError when a kernel fails, or threads die again and again at one step
   */
  run(job: Job): Promise<number>;
  /**
   * Does the one step of a job while the caller's thread waits: for calls that must answer at once, and for the turns of replicas. Absent
   * where the caller's thread can run the kernels itself.
   */
  runNow?(job: Job): void;
  dispose(): Promise<void>;
}
