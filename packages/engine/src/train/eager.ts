import { addNode } from '../define/op/apply-op.js';
import { constant } from '../define/op/constant.js';
import { keyOf } from '../define/plugin/json-data.js';
import type { Layer } from '../define/layer/layer.js';
import type { OpDefinition } from '../define/op/op.js';
import { placeholder } from '../define/op/placeholder.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { Tensor } from '../define/op/tensor.js';
import { Variable } from '../define/variable/variable.js';
import { publishSlot } from '../data/fill-slot.js';
import { RuntimeError, ValueError } from '../errors.js';
import { bindFor, crewOf, viewAt } from '../execute/member.js';
import { specialize } from '../graph/specialize.js';
import { jobOf, planFor, type Plan } from './plan.js';
import type { Runtime } from './runtime.js';
import { sizeOf } from '../define/op/shape.js';

/** Programs kept for calls of the same shapes. */
const KEPT = 64;

/** Computes single calls at once, on the caller's thread, each through a program kept for its shapes. */
export class Eager {
  readonly #runtime: Runtime;
  readonly #plans = new Map<string, Plan>();
  readonly #ids = new WeakMap<object, number>();
  #count = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  runOp(op: OpDefinition, operands: readonly (Tensor | Variable | number)[], attributes: object): Tensor {
    this.#refuseStrangers(operands);
    const tensors = operands.filter((o) => o instanceof Tensor);
    const parts = operands.map((o) =>
      o instanceof Tensor ? shapeKey(o) : o instanceof Variable ? `#${this.#id(o)}` : o,
    );
    const key = `op ${this.#id(op)} ${keyOf(parts)} ${keyOf(attributes)}`;
    return this.#compute(key, tensors, (symbols) => {
      const queue = [...symbols];
      const inputs = operands.map((operand) => {
        if (operand instanceof Tensor) return queue.shift() as SymbolicTensor;
        return operand instanceof Variable ? operand.node : constant(operand);
      });
      return addNode(op, inputs, attributes);
    });
  }

  /** A mask among the options may be concrete; all else is data. */
  runLayer(layer: Layer, tensors: readonly Tensor[], options: Readonly<Record<string, unknown>>): Tensor {
    this.#refuseStrangers(tensors);
    const { mask = null, ...rest } = options;
    const masks = mask instanceof Tensor ? [mask] : [];
    const key = `layer ${this.#id(layer)} ${tensors.map(shapeKey).join()} ${masks.map(shapeKey).join()} ${keyOf(rest)}`;
    return this.#compute(key, [...tensors, ...masks], (symbols) => {
      const inputs = symbols.slice(0, tensors.length);
      const [only] = inputs;
      const given = { ...rest, mask: symbols[tensors.length] ?? null };
      return layer.traceUnrecorded(inputs.length === 1 && only ? only : inputs, given);
    });
  }

  /** A value that depends on variables alone. */
  compute(value: SymbolicTensor): Tensor {
    return this.#compute(`value ${this.#id(value)}`, [], () => value);
  }

  #refuseStrangers(operands: readonly (Tensor | Variable | number)[]): void {
    const { graph } = this.#runtime;
    for (const operand of operands) {
      if (typeof operand === 'number') continue;
      if ((operand instanceof Tensor ? operand.runner.graph : operand.graph) === graph) continue;
      throw new ValueError(
        'Input graph and Layer graph are not the same: operands belong to different engines',
        'GRAPH',
      );
    }
  }

  #compute(
    key: string,
    tensors: readonly Tensor[],
    trace: (symbols: readonly SymbolicTensor[]) => SymbolicTensor,
  ): Tensor {
    const runtime = this.#runtime;
    let plan = this.#plans.get(key);
    if (!plan) {
      const { graph, seed } = runtime;
      const symbols = tensors.map((t, i) => placeholder(`x${i}`, t.shape, t.dtype, graph));
      const [node] = specialize([trace(symbols)], { training: false, seed }) as [SymbolicTensor];
      const source = { name: 'eager', batchSize: 1, shardSize: 1, shards: 1, outputs: [{ name: 'output', node }] };
      plan = planFor(runtime, key, source);
    }
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    this.#evict();
    return this.#run(plan, tensors);
  }

  #run(plan: Plan, tensors: readonly Tensor[]): Tensor {
    const { program, placed } = plan;
    const { memory } = this.#runtime.arena;
    if (program.variables.length > 0 && this.#runtime.state.busy) {
      throw new RuntimeError('a run is training these weights now: await it before computing with them', 'BUSY');
    }
    const base = placed.placement.batch[0];
    for (const field of program.inputs) {
      const values = (tensors[Number(field.name.slice(1))] as Tensor).dataSync();
      viewAt(memory, base + field.offset, values.length, field.dtype).set(values);
    }
    placed.control.reset(1);
    publishSlot(placed.control, 0, 1);
    const job = jobOf(this.#runtime, plan, this.#count++);
    const { executor, kernels } = this.#runtime;
    if (executor.runNow) executor.runNow(job);
    else {
      const task = { ...job, memory, members: 1, rank: 0, spin: false };
      crewOf(task, bindFor(task, kernels.library), placed.control).step(0);
    }
    const [output] = program.outputs as [Plan['program']['outputs'][number]];
    const size = sizeOf(output.shape);
    const values = viewAt(memory, base + output.offset, size, output.dtype).slice();
    return this.#runtime.tensor(values, output.shape);
  }

  #evict(): void {
    if (this.#plans.size <= KEPT) return;
    const [key, plan] = this.#plans.entries().next().value as [string, Plan];
    this.#plans.delete(key);
    plan.placed.free();
  }

  #id(object: object): number {
    let id = this.#ids.get(object);
    if (id === undefined) {
      id = this.#count++;
      this.#ids.set(object, id);
    }
    return id;
  }
}

function shapeKey(tensor: Tensor): string {
  return `${tensor.dtype}[${tensor.shape.join()}]`;
}
