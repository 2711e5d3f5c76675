import { setImmediate } from 'node:timers/promises';
import type { Initializer } from '../define/initializer.js';
import type { Graph } from '../define/op/graph.js';
import type { VariableSpec } from '../define/layer/layer-host.js';
import { Variable } from '../define/variable/variable.js';
import { aligned } from '../graph/program.js';
import { RuntimeError } from '../errors.js';
import { randomSource } from '../random/random-source.js';
import type { Arena } from './arena.js';

/** Floats copied at once: about a millisecond. */
const SLICE = 2 ** 20;

export type Sides = readonly [a: number, b: number];

/** Waits until nobody computes, then calls back. */
export type BetweenSteps = <T>(read: () => T) => Promise<T>;

/**
 * What outlives a step, in two sides: a step reads the current one and writes the other, and the flip of `side`
 * makes it all current at once.
 */
export class State {
  #side: 0 | 1 = 0;
  #version = 0;
  /** A run that writes is under way. */
  busy = false;
  readonly #arena: Arena;
  readonly #seed: number;
  readonly #places = new Map<Variable, Sides>();
  readonly #betweenSteps: BetweenSteps;

  constructor(arena: Arena, seed: number, betweenSteps: BetweenSteps) {
    this.#arena = arena;
    this.#seed = seed;
    this.#betweenSteps = betweenSteps;
  }

  /** The current side. Set only, and always, when a run that writes has left the memory. */
  get side(): 0 | 1 {
    return this.#side;
  }

  set side(side: 0 | 1) {
    this.#side = side;
    this.#version++;
  }

  /** Another number, other values: of the current side of any variable, while no run writes. */
  get version(): number {
    return this.#version;
  }

  create(graph: Graph, spec: VariableSpec): Variable {
    const variable: Variable = new Variable({
      ...spec,
      graph,
      storage: {
        read: () => {
          this.#refuseWhileBusy(variable);
          return this.#view(variable, this.side).slice();
        },
        readBetweenSteps: () => this.#betweenSteps(() => this.#view(variable, this.side).slice()),
        write: (values) => {
          this.#refuseWhileBusy(variable);
          this.#write(variable, values);
        },
      },
    });
    // One block for both sides: it is there or it is not.
    const bytes = aligned(4 * variable.size);
    const address = this.#arena.allocate(2 * bytes);
    this.#places.set(variable, [address, address + bytes]);
    try {
      this.#write(variable, this.initialValues(spec.initializer, spec.name, spec.shape));
    } catch (error) {
      this.free(variable);
      throw error;
    }
    return variable;
  }

  /** A function of the engine's seed, the variable's name and its shape. */
  initialValues(initializer: Initializer, name: string, shape: readonly number[]): Float32Array {
    return initializer.values({ shape, random: randomSource(this.#seed, name) });
  }

  /** Copies of several variables, and what `also` reads, all as of one step. */
  readTogether<T>(variables: readonly Variable[], also: () => T): Promise<{ values: Float32Array[]; also: T }> {
    return this.#betweenSteps(() => ({
      values: variables.map((variable) => this.#view(variable, this.side).slice()),
      also: also(),
    }));
  }

  sides(variable: Variable): Sides {
    const sides = this.#places.get(variable);
    if (!sides) throw new RuntimeError(`variable '${variable.name}' belongs to another engine`, 'VARIABLE');
    return sides;
  }

  free(variable: Variable): void {
    this.#arena.free(this.sides(variable)[0]);
    this.#places.delete(variable);
  }

  /**
   * Makes both sides equal, so that what a program does not write reads the same from either. Slice by slice: the
   * caller's thread stays free.
   */
  async copyCurrentOver(): Promise<void> {
    for (const variable of this.#places.keys()) {
      const [from, to] = [this.#view(variable, this.side), this.#view(variable, 1 - this.side)];
      for (let start = 0; start < from.length; start += SLICE) {
        to.set(from.subarray(start, start + SLICE), start);
        if (from.length > SLICE) await setImmediate();
      }
    }
  }

  #write(variable: Variable, values: Float32Array): void {
    this.#view(variable, 0).set(values);
    this.#view(variable, 1).set(values);
    this.#version++;
  }

  #view(variable: Variable, side: number): Float32Array {
    return this.#arena.floats(this.sides(variable)[side] as number, variable.size);
  }

  #refuseWhileBusy(variable: Variable): void {
    if (!this.busy) return;
    throw new RuntimeError(
      `variable '${variable.name}': a run is training now; read it with \`await variable.data()\`, ` +
        `or wait for the run to end before writing`,
      'BUSY',
    );
  }
}
