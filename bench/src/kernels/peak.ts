import { readFileSync } from 'node:fs';

const OPERATIONS_PER_TURN = 64;
const TURNS = 2_000_000;

/** The multiply-adds of a build of the kernels, without memory. */
export class Peak {
  readonly #multiplyAdd: (turns: number, factor: number, other: number) => number;

  constructor(build: string) {
    const bytes = readFileSync(new URL(`../peak-${build}.wasm`, import.meta.url));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    this.#multiplyAdd = exports.multiplyAdd as (turns: number, factor: number, other: number) => number;
    // V8 compiles it well only once it has run.
    for (let i = 0; i < 3; i++) this.measure();
  }

  /** GFLOP/s of this moment. */
  measure(): number {
    const started = performance.now();
    this.#multiplyAdd(TURNS, 0.999, 0.5);
    return (OPERATIONS_PER_TURN * TURNS) / (performance.now() - started) / 1e6;
  }
}
