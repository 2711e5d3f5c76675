import type { Backend } from '../define/plugin/backend.js';
import type { Epilogue, NumberArray, PlannedCall, Run, View } from '../define/op/kernel.js';
import { sizeOf } from '../define/op/shape.js';
import { loadKernels, type KernelLibrary } from '../execute/load-kernels.js';
import { Arena } from '../memory/arena.js';

/** A call of one kernel. */
export interface BareCall {
  /** Runs it on all examples of its first operand and the whole of its range, unless said otherwise. */
  readonly run: (run?: Partial<Run>) => void;
  /** Those given and those that the kernel chose. */
  readonly attributes: object;
}

/** The kernels of a backend over a memory of their own, called without an engine: to time them, or to look at their bits. */
export class BareKernels {
  /** Names of all kernels. */
  readonly names: readonly string[];
  readonly #library: KernelLibrary;
  readonly #arena: Arena;
  readonly #blocks: number[] = [];

  private constructor(library: KernelLibrary, arena: Arena) {
    this.names = library.names();
    this.#library = library;
    this.#arena = arena;
  }

  /** @throws ValueError when the backend's modules cannot be loaded */
  static async of(backend: Backend): Promise<BareKernels> {
    const arena = new Arena();
    const sources = { backend: backend.name, chain: backend.modules, plugins: [] };
    return new BareKernels(await loadKernels(sources, arena.memory), arena);
  }

  /** Gives all operands back. */
  clear(): void {
    for (const block of this.#blocks.splice(0)) this.#arena.free(block);
  }

  /** An operand of a shape with these values, or one for all: int32 if `integers`, with a batch in front if `batched`. */
  view(shape: readonly number[], values: ArrayLike<number> | number, batched = false, integers = false): View {
    const data = this.#room(sizeOf(shape), integers);
    if (typeof values === 'number') data.fill(values);
    else data.set(values);
    return { data, shape, batched };
  }

  /** Binds a kernel; its choices are those of a program, unless an attribute says otherwise. */
  bind(
    name: string,
    inputs: readonly View[],
    outputs: readonly View[],
    given: object,
    epilogue: Epilogue | null = null,
  ): BareCall {
    return this.#bind('bind', name, { inputs, outputs, attributes: given, epilogue });
  }

  /** As `bind`, of the kernel's `bindRows`. @throws TypeError when it has none */
  bindRows(name: string, inputs: readonly View[], outputs: readonly View[], given: object): BareCall {
    return this.#bind('bindRows', name, { inputs, outputs, attributes: given });
  }

  #bind(how: 'bind' | 'bindRows', name: string, planned: PlannedCall): BareCall {
    const kernel = this.#library.kernel(name);
    const { inputs, outputs } = planned;
    const attributes = { ...kernel.choose?.(planned), ...planned.attributes };
    const call = { ...planned, attributes };
    const bound = kernel[how]?.({ ...call, scratch: this.#room(kernel.scratch?.(call) ?? 0, false) });
    if (!bound) throw new TypeError(`kernel '${name}' has no ${how}`);
    const examples = inputs[0]?.shape[0] ?? 1;
    const whole: Run = {
      examples,
      firstExample: 0,
      count: examples,
      shards: 1,
      step: 0,
      begin: 0,
      end: sizeOf(outputs[0]?.shape ?? []),
      nonFinite: false,
    };
    return { run: (run) => bound(run ? { ...whole, ...run } : whole), attributes };
  }

  #room(length: number, integers: boolean): NumberArray {
    const address = this.#arena.allocate(4 * length);
    this.#blocks.push(address);
    const { buffer } = this.#arena.memory;
    return integers ? new Int32Array(buffer, address, length) : new Float32Array(buffer, address, length);
  }
}
