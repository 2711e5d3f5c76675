/** A module with one function, which works on the engine's memory. */
import { sized, text, unsigned, vector } from './bytes.js';
import type { MathExports } from './exports.js';
import { Type } from './instructions.js';
import { printBody, type Printed } from './print.js';

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const Section = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const SHARED_WITH_MAXIMUM = 3;
const MAX_PAGES = 65536;

/** The bytes of the module of an expression: exports `run`, imports the memory and the functions of assembly/math that it uses. */
export function moduleOf(printed: Printed): Uint8Array {
  const used: (keyof MathExports)[] = [];
  const imported = (name: keyof MathExports): number => {
    if (!used.includes(name)) used.push(name);
    return used.indexOf(name);
  };
  const { types, body } = printBody(printed, imported);
  const addresses = printed.operands + printed.expression.outputs.length;
  const parameters = [...Array.from({ length: addresses + 2 }, () => Type.i32), Type.f32, Type.f32];
  const functionTypes = [
    functionType([Type.v128], [Type.v128]),
    functionType([Type.v128, Type.v128], [Type.v128]),
    functionType(parameters, []),
  ];
  const memory = [...text('env'), ...text('memory'), 2, SHARED_WITH_MAXIMUM, ...unsigned(1), ...unsigned(MAX_PAGES)];
  const functions = used.map((name) => [...text('math'), ...text(name), 0, name === 'pow4' ? 1 : 0]);
  const locals = vector(types.map((type) => [1, type]));
  return Uint8Array.from([
    ...MAGIC,
    ...section(Section.type, vector(functionTypes)),
    ...section(Section.import, vector([memory, ...functions])),
    ...section(Section.function, vector([[2]])),
    ...section(Section.export, vector([[...text('run'), 0, ...unsigned(used.length)]])),
    ...section(Section.code, vector([sized([...locals, ...body, 0x0b])])),
  ]);
}

function section(id: number, bytes: readonly number[]): number[] {
  return [id, ...sized(bytes)];
}

function functionType(parameters: readonly number[], results: readonly number[]): number[] {
  return [0x60, ...vector(parameters.map((type) => [type])), ...vector(results.map((type) => [type]))];
}
