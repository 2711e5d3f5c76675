import { ValueError } from '@convoy/engine';
import { loopNest, type ElementwiseAttributes, type Expression, type Loop } from '@convoy/engine/kernels';
import { defineDeviceKernel, type DeviceCall, type Dispatch, type Operand } from '../device-kernel.js';
import { countOf, eachElement } from '../shader/each-element.js';
import { formula, functionsOf } from './formulas.js';

/** The kernel `elementwise`: each expression as one shader, with one thread for each element. */
export const elementwise = defineDeviceKernel<ElementwiseAttributes>({
  plan: (call) => piecesOf(call).flatMap((outputs) => dispatchOf(call, outputs)),
});

/** Numbers of the values that an expression's outputs are made of. */
function neededFor({ steps }: Expression, operands: number, outputs: readonly number[]): Set<number> {
  const needed = new Set<number>();
  const open = [...outputs];
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    if (needed.has(n)) continue;
    needed.add(n);
    if (n >= operands) open.push(...argumentsOf(steps[n - operands]));
  }
  return needed;
}

function argumentsOf(step: Expression['steps'][number]): readonly number[] {
  return step[0] === 'constant' ? [] : (step.slice(1) as number[]);
}

/** Outputs by dispatch: as many together as there are storage buffers for. */
function piecesOf({ inputs, attributes, storageBuffers, fence }: DeviceCall<ElementwiseAttributes>): number[][] {
  const { expression } = attributes;
  const room = storageBuffers - (fence ? 1 : 0);
  const bindings = (outputs: readonly number[]): number => {
    const needed = neededFor(
      expression,
      inputs.length,
      outputs.map((i) => expression.outputs[i]),
    );
    return outputs.length + [...needed].filter((n) => n < inputs.length).length;
  };
  const pieces: number[][] = [];
  for (const i of expression.outputs.keys()) {
    const last = pieces.at(-1);
    if (last && bindings([...last, i]) <= room) last.push(i);
    else pieces.push([i]);
    const alone = bindings([i]);
    if (alone <= room) continue;
    throw new ValueError(
      `an expression of ${alone - 1} operands needs ${alone} storage buffers, and this device binds ${room} at once; ` +
        'store some of what it is made of, or take an adapter with a larger maxStorageBuffersPerShaderStage',
      'GPU_LIMIT',
    );
  }
  return pieces;
}

function dispatchOf(call: DeviceCall<ElementwiseAttributes>, pieces: readonly number[]): Dispatch[] {
  const { inputs, outputs, attributes, fence } = call;
  const { expression } = attributes;
  const stored = pieces.map((i) => expression.outputs[i]);
  const needed = neededFor(expression, inputs.length, stored);
  const operands = [...inputs.keys()].filter((n) => needed.has(n));
  const [result] = outputs as [Operand];
  const { loops } = loopNest(
    result,
    operands.map((n) => inputs[n]),
  );
  const params: Record<string, number> = {};
  const lines = [fence ? 'if (fence[0] < i32(run.index)) { return; }' : '', ...loopIndices(loops, params)];
  operands.forEach((n, k) => lines.push(`let v${n} = a${n}_at(${indexText(loops, k, `a${n}`, params)});`));
  expression.steps.forEach((step, s) => {
    const n = inputs.length + s;
    const names = argumentsOf(step).map((argument) => `v${argument}`);
    if (needed.has(n)) lines.push(`let v${n} = ${formula(step, names)};`);
  });
  stored.forEach((n, k) => lines.push(`o${pieces[k]}_put(i, v${n});`));
  const body = lines.filter((line) => line !== '').join('\n');
  return eachElement({
    reads: {
      ...Object.fromEntries(operands.map((n) => [`a${n}`, inputs[n]])),
      ...(fence ? { fence } : {}),
    },
    writes: Object.fromEntries(pieces.map((i) => [`o${i}`, outputs[i]])),
    params,
    ...countOf(result),
    head: functionsOf(body),
    body,
  });
}

/** i0, i1, …: the position in each loop, outermost first. */
function loopIndices(loops: readonly Loop[], params: Record<string, number>): string[] {
  if (loops.length === 1) return [];
  const lines = ['var rest = i;'];
  for (let d = loops.length - 1; d > 0; d--) {
    params[`n${d}`] = loops[d].length;
    lines.push(`let i${d} = rest % p.n${d};`, `rest = rest / p.n${d};`);
  }
  return [...lines, 'let i0 = rest;'];
}

/** Strides 0 and 1 stand in the text; others are numbers, so that equal forms share a shader whatever their sizes. */
function indexText(loops: readonly Loop[], operand: number, name: string, params: Record<string, number>): string {
  const terms = loops.flatMap((loop, d) => {
    const stride = loop.strides[operand];
    if (stride === 0) return [];
    const position = loops.length === 1 ? 'i' : `i${d}`;
    if (stride === 1) return [position];
    params[`${name}_${d}`] = stride;
    return [`${position} * p.${name}_${d}`];
  });
  return terms.length === 0 ? '0u' : terms.join(' + ');
}
