import type { Backend } from '@convoy/engine';
import type { KernelFactory, KernelTable, Run, View } from '@convoy/engine/kernels';

const PAGES_AT_FIRST = 16;
const MAX_PAGES = 65536;
const PAGE = 65536;
const LINE = 64;

/** The kernels of a backend over a memory of their own, called without an engine around them. */
export class Kernels {
  readonly #table: KernelTable;
  readonly #memory: WebAssembly.Memory;
  #end = LINE;

  private constructor(table: KernelTable, memory: WebAssembly.Memory) {
    this.#table = table;
    this.#memory = memory;
  }

  static async load(backend: Backend, options: object = {}): Promise<Kernels> {
    const memory = new WebAssembly.Memory({ initial: PAGES_AT_FIRST, maximum: MAX_PAGES, shared: true });
    const [module] = backend.modules;
    const { default: factory } = (await import(module.url)) as { default: KernelFactory };
    return new Kernels(await factory({ memory, options: { ...module.options, ...options } }), memory);
  }

  /** Gives all operands back. */
  clear(): void {
    this.#end = LINE;
  }

  /** An operand of a shape, filled with made values in [-0.5, 0.5). */
  operand(shape: readonly number[]): View {
    const data = this.#floats(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < data.length; i++) data[i] = ((i * 7919) % 1009) / 1009 - 0.5;
    return { data, shape, batched: false };
  }

  /** A call, bound to its operands; algorithms are chosen as in a program unless given. */
  bind(name: string, inputs: readonly View[], output: View, given: object): { run: () => void; attributes: object } {
    const kernel = this.#table[name];
    const planned = { inputs, outputs: [output], attributes: given };
    const attributes = { ...kernel.choose?.(planned), ...given };
    const scratch = this.#floats(kernel.scratch?.({ ...planned, attributes }) ?? 0);
    const bound = kernel.bind({ ...planned, attributes, scratch });
    const run: Run = {
      examples: inputs[0].shape[0],
      firstExample: 0,
      count: inputs[0].shape[0],
      shards: 1,
      step: 0,
      begin: 0,
      end: 0,
      nonFinite: false,
    };
    return { run: () => bound(run), attributes };
  }

  #floats(length: number): Float32Array {
    const address = this.#end;
    this.#end += Math.ceil((4 * length) / LINE) * LINE + LINE;
    const missing = Math.ceil((this.#end - this.#memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.#memory.grow(missing);
    return new Float32Array(this.#memory.buffer, address, length);
  }
}
