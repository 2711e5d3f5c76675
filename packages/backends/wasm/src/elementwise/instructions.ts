/** The instructions of WebAssembly that generated kernels are made of (core specification, version 2, section 5.4). */
import { float32, signed, unsigned } from './bytes.js';

export const Type = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

const EMPTY_BLOCK = 0x40;
const simd = (code: number): number[] => [0xfd, ...unsigned(code)];
/** An address as it stands, a multiple of 4 bytes. */
const AT = [2, 0];

export const localGet = (index: number): number[] => [0x20, ...unsigned(index)];
export const localSet = (index: number): number[] => [0x21, ...unsigned(index)];
export const i32Const = (value: number): number[] => [0x41, ...signed(value)];
export const i32Add = [0x6a];
export const i32Sub = [0x6b];
export const i32Mul = [0x6c];
export const i32GreaterThan = [0x4a];
export const i32GreaterOrEqual = [0x4e];
export const call = (index: number): number[] => [0x10, ...unsigned(index)];

/** Repeats `body` as long as `condition` leaves a number that is not 0. */
export function whileLoop(condition: readonly number[], body: readonly number[]): number[] {
  const exit = [...condition, 0x45, 0x0d, 1];
  return [0x02, EMPTY_BLOCK, 0x03, EMPTY_BLOCK, ...exit, ...body, 0x0c, 0, 0x0b, 0x0b];
}

export const v128Load = [...simd(0), ...AT];
export const v128Load32Splat = [...simd(9), ...AT];
export const v128Store = [...simd(11), ...AT];
export const v128Store32Lane0 = [...simd(0x5a), ...AT, 0];
export const f32x4Splat = simd(0x13);
export const v128And = simd(0x4e);
export const v128Bitselect = simd(0x52);
export const f32x4 = {
  eq: simd(0x41),
  ne: simd(0x42),
  lt: simd(0x43),
  gt: simd(0x44),
  le: simd(0x45),
  ge: simd(0x46),
  floor: simd(0x68),
  abs: simd(0xe0),
  neg: simd(0xe1),
  sqrt: simd(0xe3),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  min: simd(0xe8),
  max: simd(0xe9),
  /** pmin(x, y) = y < x ? y : x. */
  pmin: simd(0xea),
  /** pmax(x, y) = x < y ? y : x. */
  pmax: simd(0xeb),
  fromIntegers: simd(0xfa),
} as const;
export const i32x4FromFloats = simd(0xf8);

/** A constant in all four lanes. */
export function f32x4Const(value: number): number[] {
  const bytes = float32(value);
  return [...simd(12), ...bytes, ...bytes, ...bytes, ...bytes];
}
