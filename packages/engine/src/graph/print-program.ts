import type { Expression } from '../define/op/expression.js';
import { fromJson, numberToJson, printJson } from '../define/plugin/json-data.js';
import { formatShape } from '../define/op/shape.js';
import type { Call, Phase, Program, Task, Value } from './program.js';

/** The program as text: sizes, then each phase with its calls. */
export function printProgram(program: Program): string {
  const { bytes } = program;
  const lines = [
    `program ${program.name} on backend ${program.backend}`,
    `  batch ${program.batchSize} = ${program.shards} shards of ${program.shardSize}`,
    `  in  ${program.inputs.map((f) => `${f.name} ${formatShape([null, ...f.shape])} ${f.dtype}`).join(', ')}`,
    ...(program.outputs.length > 0
      ? [`  out ${program.outputs.map((f) => `${f.name} ${formatShape([null, ...f.shape])}`).join(', ')}`]
      : []),
    `  bytes: batch ${bytes.batch}, gradients ${bytes.gradients} a shard, activations ${bytes.activations} and ` +
      `scratch ${bytes.scratch} a worker, examples ${bytes.examples}, shared ${bytes.shared}, constants ${bytes.constants}`,
  ];
  program.phases.forEach((phase, i) => lines.push('', ...printPhase(program, phase, i)));
  if (program.results.length > 0) {
    lines.push('', `results: ${program.results.map((r) => `${r.name} = ${slot(program, r.value)}`).join(', ')}`);
  }
  return lines.join('\n');
}

function printPhase(program: Program, phase: Phase, index: number): string[] {
  if (phase.kind === 'shards') {
    return [
      `phase ${index}: for each shard`,
      ...phase.calls.map((c) => `  ${printCall(program, program.calls[c] as Call)}`),
    ];
  }
  return [
    `phase ${index}: once for the batch`,
    ...phase.tasks.flatMap((task) =>
      task.calls.map((c) => {
        return `  ${printCall(program, program.calls[c] as Call)}${rangesOf(task)}`;
      }),
    ),
  ];
}

function rangesOf({ elements, row }: Task): string {
  if (elements === null) return '';
  return `  (ranges of ${elements}${row === 1 ? '' : `, in rows of ${row}`})`;
}

function printCall(program: Program, call: Call): string {
  const outputs = call.outputs.map((v) => slot(program, v)).join(', ');
  const own = call.inputs.length - (call.epilogue?.operands ?? 0);
  const inputs = call.inputs
    .slice(0, own)
    .map((v) => slot(program, v))
    .join(', ');
  const scope = call.scope === null ? '' : `   # ${call.scope}`;
  if ('expression' in call.attributes) {
    const expression = fromJson(call.attributes.expression) as Expression;
    return `${outputs} = ${printExpression(expression, call.inputs.length)} (${inputs})${scope}`;
  }
  const all = { ...call.choices, ...call.attributes };
  const attributes = Object.keys(all).length > 0 ? ` ${printJson(all)}` : '';
  return `${outputs} = ${call.kernel}(${inputs})${attributes}${printEpilogue(program, call, own)}${scope}`;
}

function printEpilogue(program: Program, { inputs, epilogue }: Call, own: number): string {
  if (epilogue === null) return '';
  const operands = ['result', ...inputs.slice(own).map((v) => slot(program, v))];
  const expression = fromJson(epilogue.expression) as Expression | null;
  const inPlace = expression && ` then ${printExpression(expression, operands.length)} (${operands.join(', ')})`;
  return `${inPlace ?? ''}${epilogue.sums ? ' then sums by the last axis' : ''}`;
}

/** Operands are a, b, …; a step that is used more than once is written first, as t1, t2, …. */
export function printExpression(expression: Expression, operands: number): string {
  const { steps, outputs } = expression;
  const uses = new Map<number, number>();
  const count = (n: number): unknown => uses.set(n, (uses.get(n) ?? 0) + 1);
  outputs.forEach(count);
  for (const [name, ...args] of steps) if (name !== 'constant') (args as number[]).forEach(count);
  const names = new Map<number, string>();
  const formula = (n: number): string => {
    const [name, ...args] = steps[n - operands] as readonly [string, ...number[]];
    return name === 'constant'
      ? printJson(numberToJson(args[0] as number))
      : args.length === 0
        ? name
        : `${name}(${args.map(text).join(', ')})`;
  };
  const text = (n: number): string => (n < operands ? operandName(n) : (names.get(n) ?? formula(n)));
  const shared = steps.flatMap(([, ...args], i) => {
    const n = operands + i;
    if ((uses.get(n) ?? 0) < 2 || args.length === 0 || steps[i]?.[0] === 'constant') return [];
    const line = `t${names.size + 1} = ${formula(n)}`;
    names.set(n, `t${names.size + 1}`);
    return [line];
  });
  return `{${[...shared, ...outputs.map(text)].join('; ')}}`;
}

/** a to s, then a1, a2, …: t1 and on are steps. */
function operandName(n: number): string {
  return n < 19 ? String.fromCodePoint(97 + n) : `a${n - 18}`;
}

function slot(program: Program, index: number): string {
  const value = program.values[index] as Value;
  const variable = program.variables[value.offset]?.name;
  const field = [...program.inputs, ...program.outputs].find((f) => f.offset === value.offset)?.name;
  const place =
    value.part === 'state'
      ? variable
      : value.part === 'next'
        ? `next ${variable}`
        : value.part === 'batch'
          ? field
          : `${value.part}@${value.offset}`;
  return `${place}${formatShape(value.shape)}`;
}
