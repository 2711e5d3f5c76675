/** Graphs drawn at random, for properties that must hold of every graph. */
import {
  abs,
  add,
  greater,
  literal,
  matmul,
  max,
  min,
  mul,
  neg,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  select,
  sigmoid,
  softmax,
  stopGradient,
  sub,
  tanh,
  transpose,
  type SymbolicTensor,
} from '@convoy/engine';
import * as fc from 'fast-check';
import { placeholder } from '../../packages/engine/dist/define/op/placeholder.js';
import { field, type Values } from './programs.js';

/** What is there to choose operands from, by shape; each list has one from the start. */
interface Pool {
  /** [batch, 4] */
  readonly rows: SymbolicTensor[];
  /** [batch, 1] */
  readonly columns: SymbolicTensor[];
  /** [batch, 2, 2] */
  readonly squares: SymbolicTensor[];
  /** [4] and [1, 4]: the same for all examples. */
  readonly shared: SymbolicTensor[];
}

type Pick = (from: readonly SymbolicTensor[]) => SymbolicTensor;
type Move = (pool: Pool, pick: Pick) => void;

const row = (make: (x: SymbolicTensor, pool: Pool, pick: Pick) => SymbolicTensor): Move => {
  return (pool, pick) => void pool.rows.push(make(pick(pool.rows), pool, pick));
};

const MOVES: Readonly<Record<string, Move>> = {
  tanh: row((x) => tanh(x)),
  sigmoid: row((x) => sigmoid(x)),
  relu: row((x) => relu(x)),
  abs: row((x) => abs(x)),
  neg: row((x) => neg(x)),
  stop: row((x) => stopGradient(x)),
  half: row((x) => mul(x, 0.5)),
  add: row((x, pool, pick) => add(x, pick(pool.rows))),
  mul: row((x, pool, pick) => mul(x, pick(pool.rows))),
  addColumn: row((x, pool, pick) => add(x, pick(pool.columns))),
  subColumn: row((x, pool, pick) => sub(pick(pool.columns), x)),
  mulShared: row((x, pool, pick) => mul(x, pick(pool.shared))),
  maxShared: row((x, pool, pick) => max(pick(pool.shared), x)),
  select: row((x, pool, pick) => select(greater(x, pick(pool.columns)), pick(pool.rows), min(x, 0.25))),
  softmax: row((x) => softmax(x)),
  mix: row((x, pool, pick) => matmul(x, add(literal(MIXED, [4, 4]), pick(pool.shared)))),
  flat: row((_x, pool, pick) => reshape(pick(pool.squares), { shape: [null, 4] })),
  fromMean: row((x) => sub(x, reduceMean(x, { axes: [0], keepDims: true }))),
  total: (pool, pick) => void pool.columns.push(reduceSum(pick(pool.rows), { axes: [1], keepDims: true })),
  top: (pool, pick) => void pool.columns.push(reduceMax(pick(pool.rows), { axes: [-1], keepDims: true })),
  square: (pool, pick) => void pool.squares.push(reshape(pick(pool.rows), { shape: [null, 2, 2] })),
  turn: (pool, pick) => void pool.squares.push(transpose(pick(pool.squares), { permutation: [0, 2, 1] })),
  tanhSquare: (pool, pick) => void pool.squares.push(tanh(pick(pool.squares))),
  mean: (pool, pick) => void pool.shared.push(reduceMean(pick(pool.rows), { axes: [0], keepDims: true })),
  tanhShared: (pool, pick) => void pool.shared.push(tanh(pick(pool.shared))),
};

const MIXED = Array.from({ length: 16 }, (_, i) => Math.sin(i * 1.7) / 2);

export interface RandomGraph {
  /** One of each shape, and some more. */
  readonly outputs: readonly SymbolicTensor[];
  /** Fields x [batch, 4], column [batch, 1] and shared [4]. */
  readonly inputs: readonly SymbolicTensor[];
}

/** A graph as the moves that made it, so that a failing one can be read and shrunk. */
export const randomMoves = fc.array(fc.tuple(fc.constantFrom(...Object.keys(MOVES)), fc.nat(1000)), {
  minLength: 1,
  maxLength: 14,
});

export function graphOf(moves: readonly (readonly [move: string, choice: number])[]): RandomGraph {
  const x = field('x', [4]);
  const column = field('column', [1]);
  const shared = placeholder('shared', [4], 'float32', null);
  const pool: Pool = { rows: [x], columns: [column], squares: [reshape(x, { shape: [null, 2, 2] })], shared: [shared] };
  for (const [move, choice] of moves) {
    let turn = choice;
    // Later values are likelier, so that graphs grow deep.
    const pick: Pick = (from) => from[from.length - 1 - (turn++ % Math.min(from.length, 4))];
    MOVES[move](pool, pick);
  }
  const last = ({ rows, columns, squares, shared: whole }: Pool) =>
    [rows, columns, squares, whole].map((list) => list.at(-1));
  const outputs = [...last(pool), pool.rows.at(-2) ?? x] as SymbolicTensor[];
  return { outputs, inputs: [x, column, shared] };
}

/** Values of the fields of a random graph. */
export function valuesFor(examples: number): ReadonlyMap<string, Values> {
  const made = (length: number, phase: number) => Float32Array.from({ length }, (_, i) => Math.sin(phase + i * 2.399));
  return new Map([
    ['x', made(4 * examples, 1)],
    ['column', made(examples, 2)],
    ['shared', made(4, 3)],
    ['weights', made(4 * examples, 4)],
  ]);
}
