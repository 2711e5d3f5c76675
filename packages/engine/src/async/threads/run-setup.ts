/** What the threads of an asynchronous run are told: plain data and shared memory. */
import type { NumericArray } from '../../data/dataset.js';
import type { SlotField } from '../../data/fill-slot.js';
import type { SharedMemory } from '../../define/op/kernel.js';
import type { KernelModule } from '../../define/plugin/backend.js';
import type { KernelSources } from '../../execute/load-kernels.js';
import type { CutProgram } from '../../graph/cut-program.js';
import type { Program } from '../../graph/program.js';
import type { Placement } from '../../memory/placement.js';
import type { Sides } from '../../memory/state.js';
import type { Units } from '../parties.js';
import type { GradientSpan } from './error-feedback.js';
import type { RunLayout } from './run-layout.js';

/** A variable in a block that holds several one after the other. */
export interface Span {
  /** Index into the program's variables. */
  readonly variable: number;
  /** Bytes from the start of the block. */
  readonly offset: number;
  /** Elements. */
  readonly length: number;
}

/** What the variables of the training program are to the run; by index. */
export interface VariableRoles {
  /** Those of the layers that training changes, as they lie in a published block. */
  readonly weights: readonly Span[];
  /** Those that replicas add to without a lock. */
  readonly shared: readonly number[];
  /** Optimizer values that each replica has for itself; at the end of a pass the owner takes their mean. */
  readonly own: readonly number[];
  /** Scalar that the owner sets to what an update's learning rate is multiplied with; null where it is not scaled. */
  readonly rateScale: number | null;
  /** Elements of each. */
  readonly sizes: readonly number[];
}

export interface RunSetup {
  readonly memory: SharedMemory;
  readonly sources: KernelSources;
  readonly program: Program;
  /** Null: threads run the kernels themselves. */
  readonly device: DeviceSetup | null;
  /** Combines the weights of several parties; null where the strategy needs none. */
  readonly mixing: Program | null;
  readonly layout: RunLayout;
  readonly roles: VariableRoles;
  /** Both sides of the engine's variables, in the order of the program. */
  readonly state: readonly Sides[];
  /** Each replica's places: its state is its own. */
  readonly replicas: readonly ReplicaPlace[];
  readonly strategy: { readonly parties: string; readonly options: object };
  /** Whether the order of updates is kept. */
  readonly record: boolean;
  /** Null: gradients travel as they are. */
  readonly codec: { readonly url: string; readonly options: object; readonly spans: readonly GradientSpan[] } | null;
  /** Whether the replicas compute the shards of one batch, instead of a batch each. */
  readonly oneBatch: boolean;
  readonly data: {
    readonly columns: readonly NumericArray[];
    readonly fields: readonly SlotField[];
    readonly rows: number;
    /** Examples of a replica's batch. */
    readonly batchSize: number;
  };
  readonly owner: { readonly rank: number; readonly mixing: Placement | null };
}

/** What the threads compute with where the backend brings its executor. */
export interface DeviceSetup {
  /** Names the run's programs to executors, which keep what they have made of one. */
  readonly id: string;
  readonly executor: KernelModule;
  /** For what the end of the process must wait. */
  readonly guard: Int32Array;
  /** The training program in its two parts. */
  readonly cut: CutProgram;
  /** The owner's control block; those of replicas are where their programs are placed. */
  readonly control: number;
}

export interface ReplicaPlace {
  readonly placement: Placement;
  readonly rank: number;
  readonly mixing: Placement | null;
}

/** One pass over some batches. */
export interface Pass {
  readonly number: number;
  readonly units: Units;
  readonly live: readonly number[];
  /** Steps committed before the epoch, and in it before this pass. */
  readonly firstStep: number;
  readonly committed: number;
  /** Side of the engine's state that is current. */
  readonly side: number;
  /** Null: in the order given. */
  readonly shuffle: { readonly seed: number; readonly epoch: number } | null;
}
