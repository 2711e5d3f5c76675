/** Programs that combine the weights of several parties: variables are one's own, fields those of others. */
import type { Optimizer } from '../define/optimizer.js';
import { constant } from '../define/op/constant.js';
import { add } from '../standard/ops/chain-rule.js';
import { placeholder } from '../define/op/placeholder.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Variable } from '../define/variable/variable.js';
import type { ProgramSource } from '../graph/compile-program.js';
import { mul, sub } from '../standard/ops/arithmetic.js';
import { stepCount } from '../standard/ops/run-scalars.js';
import { nextValues, projected, scheduledRate } from './next-values.js';

const ONCE = { batchSize: 1, shardSize: 1, shards: 1 };

/** The outer optimizer of an average, and what it keeps for each variable. */
export interface Outer {
  readonly optimizer: Optimizer;
  readonly state: ReadonlyMap<Variable, Readonly<Record<string, Variable>>>;
}

/**
 * The mean over replicas of each variable, projected. Fields: the share of each replica, then for each variable its value at
 * each replica. With an outer optimizer, w − mean is its gradient.
 */
export function averageSource(variables: readonly Variable[], replicas: number, outer: Outer | null): ProgramSource {
  const each = Array.from({ length: replicas }, (_, replica) => replica);
  const shares = each.map((replica) => placeholder(`share ${replica}`, [], 'float32', null));
  const fields = variables.map((variable) => each.map((replica) => fieldOf(variable, `replica ${replica}`)));
  const updates = variables.flatMap((variable, v) => {
    const parts = (fields[v] ?? []).map((field, replica) => mul(field, shares[replica] as SymbolicTensor));
    const mean = parts.reduce((a, b) => add(a, b));
    return outer ? outerUpdates(outer, variable, mean) : [{ variable, node: projected(variable, mean) }];
  });
  return { name: 'average', ...ONCE, placeholders: [...shares, ...fields.flat()], updates };
}

function outerUpdates({ optimizer, state }: Outer, variable: Variable, mean: SymbolicTensor) {
  const mine = Object.entries(state.get(variable) ?? {});
  const step = stepCount();
  const { learningRate: rate } = optimizer;
  const next = nextValues(optimizer, variable, {
    variable: variable.node,
    gradient: sub(variable.node, mean),
    state: Object.fromEntries(mine.map(([name, slot]) => [name, slot.node])),
    learningRate: typeof rate === 'number' ? constant(rate) : scheduledRate(rate, step),
    step,
  });
  return [
    { variable, node: projected(variable, next('variable')) },
    ...mine.map(([name, slot]) => ({ variable: slot, node: next(name) })),
  ];
}

/** w ← w + ρ(other − w), projected: the owner towards a replica, and a replica towards the owner. */
export function attractionSource(variables: readonly Variable[], rate: number): ProgramSource {
  const fields = variables.map((variable) => fieldOf(variable, 'other'));
  const updates = variables.map((variable, v) => {
    const away = sub(fields[v] as SymbolicTensor, variable.node);
    return { variable, node: projected(variable, add(variable.node, mul(away, rate))) };
  });
  return { name: 'attraction', ...ONCE, placeholders: fields, updates };
}

function fieldOf(variable: Variable, party: string): SymbolicTensor {
  return placeholder(`${variable.name} of ${party}`, variable.shape, 'float32', variable.node.graph);
}
