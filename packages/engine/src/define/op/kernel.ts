import type { Expression } from './expression.js';
import { sizeOf } from './shape.js';

/**
 * Elements of an operand: float32 in an engine, and int32 for `elementwise`, which reads integers as the numbers that they are, and for ops that make int32;
 * doubles where the conformance suite wants exact values.
 */
export type NumberArray = Float32Array | Int32Array | Float64Array;

/**
 * One operand of a bound kernel. Where `batched`, axis 0 is the batch: `shape[0]` is the room for examples, and
 * `run.examples` of them are there when the kernel runs (see `rows`).
 */
export interface View {
  readonly data: NumberArray;
  readonly shape: readonly number[];
  readonly batched: boolean;
}

/** What a kernel goes on with in its result: elementwise arithmetic in place, such as bias and activation of a convolution, and sums of it. */
export interface Epilogue {
  /**
   * Operand 0 is an element of what the op makes, 1 and on those of `operands`; its one output is what the call is to write. Null: what the op
   * makes.
   */
  readonly expression: Expression | null;
  /** They broadcast to the result. */
  readonly operands: readonly View[];
  /** Gets the sum of what is written over all axes but the last, such as the gradient of a bias; null where nobody needs it. */
  readonly sums: View | null;
}

/** What a kernel sees when it is bound: once per binding, never per step. */
export interface KernelCall<A extends object = object> {
  readonly inputs: readonly View[];
  readonly outputs: readonly View[];
  /** Given to kernels that take one, on results that are batched. */
  readonly epilogue?: Epilogue | null;
  /** As the op's rules made them. */
  readonly attributes: A;
  /** The elements that `scratch` asked for; contents undefined at each run. */
  readonly scratch: NumberArray;
}

/** What changes from run to run. One object per thread, reused: read it, never keep it. */
export interface Run {
  /** Examples of the shard that is computed. */
  examples: number;
  /** Index of the shard's first example in the whole batch. */
  firstExample: number;
  /** Examples of the whole batch, over all shards. */
  count: number;
  /** Shards of the batch that hold examples. */
  shards: number;
  /** Steps done before this one since the model was compiled. */
  step: number;
  /** Elements [begin, end) of a call that is split into ranges. */
  begin: number;
  end: number;
  /** Set to true by a kernel that meets a value that is not finite where one is needed. */
  nonFinite: boolean;
}

/**
 * A kernel on its operands, run again and again: it allocates nothing, keeps nothing between runs, and writes the first
 * `run.examples` rows of what is batched. It may read, never write, up to 64 bytes beyond an operand: they are there.
 */
export type BoundKernel = (run: Run) => void;

/** What is known of a call when the program is made: operands without their data. */
export type PlannedCall<A extends object = object> = Omit<KernelCall<A>, 'scratch'>;

/** Computes one op on whatever operands it is bound to. */
export interface Kernel<A extends object = object> {
  /**
   * Attributes that the backend adds to a call when the program is made, such as the algorithm: a function of shapes, attributes and
   * the backend alone. They stand in the program, for `scratch` and `bind` to follow.
   */
  choose?(call: PlannedCall<A>): object;
  /** Elements of scratch that one run needs. */
  scratch?(call: PlannedCall<A>): number;
  /** Called once for each set of operands, before any run: what can be computed beforehand is computed here. */
  bind(call: KernelCall<A>): BoundKernel;
  /**
   * The kernel computes what stands in `call.epilogue` on each element of its result, as the kernels `elementwise` and `reduceSum`
   * would, to the bit: best on each block while that is in the cache. Elementwise ops that follow, and a sum over all axes but
   * the last, are then merged into the call, and those kernels are not asked for them.
   */
  readonly takesEpilogue?: boolean;
  /**
   * Binds a call whose result is a sum over the batch (`sumsOverBatch`; all operands batched) so that rows of the result are
   * computed alone, over all `run.examples` of the whole batch: each run writes the elements [run.begin, run.end) of the result
   * and nothing else. Both are multiples of the length of a row, all axes but the first. An element's bits must not depend on where
   * its range begins. As `treeSum` does, it sets `run.nonFinite` when what it writes is not finite.
   *
   * A kernel that has it may be asked to compute the gradient of a large weight once, on many workers, rather than as a full-size
   * part for each shard; `choose` and `scratch` are then asked with room for the whole batch. Without it there are parts.
   */
  bindRows?(call: KernelCall<A>): BoundKernel;
}

/** Kernels by name of op; `elementwise` computes expressions, `treeSum` adds up what the shards made. */
export type KernelTable = Readonly<Record<string, Kernel>>;

/** A shared `WebAssembly.Memory`, typed without the DOM library. */
export interface SharedMemory {
  readonly buffer: ArrayBufferLike;
}

/** What a kernel module may look at when a thread loads it. */
export interface KernelContext {
  /** The engine's one memory; its buffer is a SharedArrayBuffer. */
  readonly memory: SharedMemory;
  /** The backend's options, as data. */
  readonly options: object;
}

/** Makes the kernels of a module, once on each thread that computes. */
export type KernelFactory = (context: KernelContext) => KernelTable | Promise<KernelTable>;

/** Types the default export of a kernel module: op name → kernel, made when a thread loads the module. */
export function defineKernels(factory: KernelFactory): KernelFactory {
  return factory;
}

/** Types one kernel by its attributes; a table holds kernels of any attributes. */
export function defineKernel<A extends object = object>(kernel: Kernel<A>): Kernel {
  return kernel;
}

/** Rows that are there along axis 0: the examples of this run when batched, the whole axis when not. */
export function rows(view: View, run: Run): number {
  return view.batched ? run.examples : (view.shape[0] ?? 1);
}

/** Elements of one row of a view: all axes but the first. */
export function rowSize(view: View): number {
  return sizeOf(view.shape.slice(1));
}
