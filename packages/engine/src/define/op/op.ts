import { ValueError } from '../../errors.js';
import { applyOp } from './apply-op.js';
import { describeValue } from '../plugin/describe-value.js';
import { argumentCount, type ElementwiseName, type RunScalar } from './expression.js';
import { checkOptions } from '../plugin/options.js';
import { checkName, Home, type Part } from '../plugin/plugin.js';
import type { DType, Shape } from './shape.js';
import type { SymbolicTensor } from './symbolic-tensor.js';
import type { Tensor } from './tensor.js';
import type { Variable } from '../variable/variable.js';

/** A shape for each input of an op. */
export type ShapesOf<In extends readonly SymbolicTensor[]> = { readonly [K in keyof In]: Shape };
/** What an op is called on: a tensor, a variable or a number for each input. */
export type OperandsOf<In extends readonly SymbolicTensor[], T> = { readonly [K in keyof In]: T | Variable | number };

/**
 * What an op is. `shape` is needed; then `gradient`, or `lower` from which the gradient follows. Structural facts
 * (`view`, `elementwise`, …) are rules too, so that no pass of the compiler knows an op by name.
 *
 * @typeParam In the inputs, as a labelled tuple: `[x: SymbolicTensor, filter: SymbolicTensor]`
 * @typeParam Given attributes as the caller writes them
 * @typeParam A attributes as rules and kernels see them: plain JSON data
 */
export interface OpRules<
  In extends readonly SymbolicTensor[] = readonly SymbolicTensor[],
  Given extends object = object,
  A extends object = Given,
> {
  /** Checks what the caller wrote and fills in the defaults. */
  attributes?(given: Given, shapes: ShapesOf<In>): A;
  /** Shape of the output; `null` is the batch axis. Refuses what does not fit with a ValueError. */
  shape(shapes: ShapesOf<In>, attributes: A): Shape;
  /** Default: 'float32'. */
  dtype?: DType;
  /** dL/dinput for each input, given dL/doutput; null where there is none. */
  gradient?(dy: SymbolicTensor, inputs: In, output: SymbolicTensor, attributes: A): readonly (SymbolicTensor | null)[];
  /** The same value from other ops. Used where the backend has no kernel, and for the gradient if there is no rule. */
  lower?(inputs: In, attributes: A): SymbolicTensor;
  /** The op is this step of an expression. */
  elementwise?: ElementwiseName;
  /** The output is the input's memory under another shape. */
  view?: true;
  /** Has no inputs of its own: variable, placeholder, constant. */
  leaf?: true;
  /** A scalar that the run brings along. */
  runScalar?: RunScalar;
  /** Batched inputs, output without the batch: the parts of the batch add up to the whole. */
  sumsOverBatch?: true;
  /** Takes random bits: the attribute `key` is set when the program is made, and no two nodes share a value. */
  random?: true;
  /** Chooses between inputs when the program is made, by what it is for. */
  resolve?(inputs: In, program: { readonly training: boolean }): SymbolicTensor;
}

/** An op without its call signature: what nodes of the graph point to. */
export interface OpDefinition {
  readonly kind: 'op';
  readonly name: string;
  readonly rules: OpRules;
  /** Null for the leaves that the engine makes itself. @internal */
  readonly home: Home | null;
}

/** An op can be called on symbolic tensors (adds a node) and on concrete ones (computes at once). */
export interface Op<In extends readonly SymbolicTensor[], Given extends object = object> extends OpDefinition, Part {
  readonly kind: 'op';
  /** @internal */
  readonly home: Home;
  (...args: [...operands: OperandsOf<In, SymbolicTensor>, attributes?: Given]): SymbolicTensor;
  (...args: [...operands: OperandsOf<In, Tensor>, attributes?: Given]): Tensor;
}

/**
 * Makes an op of its rules.
 *
 * ```ts
 * export const swish = defineOp<[x: SymbolicTensor]>('swish', {
 *   shape: ([x]) => x,
 *   lower: ([x]) => mul(x, sigmoid(x)),
 * });
 * ```
 */
export function defineOp<In extends readonly SymbolicTensor[], Given extends object = object, A extends object = Given>(
  name: string,
  rules: OpRules<In, Given, A>,
): Op<In, Given> {
  checkName('defineOp', name);
  checkRules(`op '${name}'`, rules);
  const definition = { kind: 'op' as const, rules: rules as OpRules, home: new Home() };
  const call = (...args: readonly unknown[]): SymbolicTensor | Tensor => applyOp(op, args);
  const op = Object.assign(call, definition) as Op<In, Given>;
  Object.defineProperty(op, 'name', { value: name, enumerable: true });
  return op;
}

const FUNCTIONS = ['attributes', 'shape', 'gradient', 'lower', 'resolve'] as const;
const FACTS = ['dtype', 'elementwise', 'view', 'leaf', 'runScalar', 'sumsOverBatch', 'random'] as const;

function checkRules(where: string, rules: OpRules): void {
  checkOptions(where, rules, [...FUNCTIONS, ...FACTS]);
  for (const name of FUNCTIONS) {
    const rule = rules[name];
    if (typeof rule === 'function' || (rule === undefined && name !== 'shape')) continue;
    throw new ValueError(`${where}: its '${name}' rule must be a function, got ${describeValue(rule)}`, 'RULE');
  }
  const { elementwise } = rules;
  if (elementwise !== undefined && argumentCount(elementwise) === undefined) {
    throw new ValueError(`${where}: there is no elementwise step ${describeValue(elementwise)}`, 'RULE');
  }
}
