import type { Expression, ExpressionStep, Loop } from '@convoy/engine/kernels';

export interface Printed {
  readonly expression: Expression;
  readonly loops: readonly Loop[];
  readonly operands: number;
  /** Turns of the outermost loop for each example of the shard; null where the result is not batched. */
  readonly turnsPerExample: number | null;
  /** Round each step to float32. */
  readonly rounds: boolean;
  /** The single loop honours the range of the run. */
  readonly ranged: boolean;
}

/**
 * A function body in JavaScript for one expression. Free names: a0, a1, … operands; o0, o1, … results; fround; run.
 * Steps that depend on no operand that moves are computed before the loops.
 */
export function printBody(printed: Printed): string {
  const { expression, loops, operands, turnsPerExample, ranged } = printed;
  const moving = Array.from({ length: operands }, (_, i) => loops.some((loop) => loop.strides[i] !== 0));
  const varies = [...moving];
  expression.steps.forEach((step) => varies.push(argumentsOf(step).some((n) => varies[n])));
  const head: string[] = moving.map((moves, i) => (moves ? '' : `const v${i} = a${i}[0];`));
  const body: string[] = moving.map((moves, i) => (moves ? `const v${i} = a${i}[${indexOf(loops, i)}];` : ''));
  expression.steps.forEach((step, i) => {
    const n = operands + i;
    (varies[n] ? body : head).push(`const v${n} = ${stepText(step, printed.rounds)};`);
  });
  expression.outputs.forEach((n, i) => body.push(`o${i}[${resultIndex(loops)}] = v${n};`));
  const open = loops.map((loop, d) => {
    const end = turnsPerExample !== null && d === 0 ? `run.examples * ${turnsPerExample}` : String(loop.length);
    const bounds = ranged ? { from: 'run.begin', to: 'run.end' } : { from: '0', to: end };
    return `for (let i${d} = ${bounds.from}; i${d} < ${bounds.to}; i${d}++) {`;
  });
  return [...head, ...open, ...body, ...loops.map(() => '}')].filter((line) => line !== '').join('\n');
}

function indexOf(loops: readonly Loop[], operand: number): string {
  const terms = loops.flatMap((loop, d) => {
    const stride = loop.strides[operand];
    return stride === 0 ? [] : [stride === 1 ? `i${d}` : `i${d} * ${stride}`];
  });
  return terms.join(' + ');
}

function resultIndex(loops: readonly Loop[]): string {
  let size = 1;
  const terms: string[] = [];
  for (let d = loops.length - 1; d >= 0; d--) {
    terms.unshift(size === 1 ? `i${d}` : `i${d} * ${size}`);
    size *= loops[d].length;
  }
  return terms.join(' + ');
}

function argumentsOf(step: ExpressionStep): readonly number[] {
  return step[0] === 'constant' ? [] : (step.slice(1) as number[]);
}

function stepText(step: ExpressionStep, rounds: boolean): string {
  const text = formula(step);
  const exact = [
    'identity',
    'neg',
    'abs',
    'max',
    'min',
    'select',
    'less',
    'lessEqual',
    'greater',
    'greaterEqual',
    'equal',
  ];
  return rounds && !exact.includes(step[0]) ? `fround(${text})` : text;
}

function formula(step: ExpressionStep): string {
  const [name] = step;
  const [a, b, c] = argumentsOf(step).map((n) => `v${n}`);
  switch (name) {
    case 'constant':
      return numberText(step[1]);
    case 'step':
      return 'run.step';
    case 'examples':
      return 'run.count';
    case 'identity':
      return a;
    case 'neg':
      return `-${a}`;
    case 'square':
      return `${a} * ${a}`;
    case 'add':
      return `${a} + ${b}`;
    case 'sub':
      return `${a} - ${b}`;
    case 'mul':
      return `${a} * ${b}`;
    case 'div':
      return `${a} / ${b}`;
    case 'less':
      return `${a} < ${b} ? 1 : 0`;
    case 'lessEqual':
      return `${a} <= ${b} ? 1 : 0`;
    case 'greater':
      return `${a} > ${b} ? 1 : 0`;
    case 'greaterEqual':
      return `${a} >= ${b} ? 1 : 0`;
    case 'equal':
      return `${a} === ${b} ? 1 : 0`;
    case 'select':
      return `${a} !== 0 ? ${b} : ${c}`;
    case 'max':
    case 'min':
    case 'pow':
      return `Math.${name}(${a}, ${b})`;
    default:
      return `Math.${name}(${a})`;
  }
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
