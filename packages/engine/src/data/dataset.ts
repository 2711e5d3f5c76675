import { Tensor } from '../define/op/tensor.js';
import { checkOptions } from '../define/plugin/options.js';
import { ValueError } from '../errors.js';
import { sizeOf } from '../define/op/shape.js';

/** Typed arrays that data comes in; numbers are turned into those of the model as batches are made. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array;

type NumericArrayClass = new (buffer: ArrayBufferLike) => NumericArray;

const NUMERIC_ARRAYS: readonly NumericArrayClass[] = [
  Float32Array,
  Float64Array,
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
];

/** The class of such an array, not a subclass as Node's Buffer is; null for anything else. */
export function numericArrayClass(values: unknown): NumericArrayClass | null {
  return NUMERIC_ARRAYS.find((arrayClass) => values instanceof arrayClass) ?? null;
}

/** One field for all examples: values in C order, the first axis counting examples. */
export type DataArray = Tensor | NumericArray;

/** Images and labels in memory; lists for models of several inputs or outputs. */
export interface ArrayData {
  /** One for each input of the model. */
  readonly x: DataArray | readonly DataArray[];
  /** One for each output. */
  readonly y?: DataArray | readonly DataArray[];
}

/** A function that starts a pass over batches of whatever size; called once an epoch. */
export type StreamData = () => AsyncIterable<ArrayData> | Iterable<ArrayData>;

/** What `fit` and `evaluate` take: arrays in memory, or a stream of batches. */
export type Data = ArrayData | StreamData;

/** What a program expects of one field. */
export interface FieldSpec {
  readonly name: string;
  /** Of one example. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** Labels must be integers in 0 … below − 1. */
  readonly below: number | null;
}

/** One field's values, and how many rows they hold. */
export interface Column {
  readonly values: NumericArray;
  readonly rows: number;
}

export function isStream(data: Data): data is StreamData {
  return typeof data === 'function';
}

/**
 * Matches arrays with the fields of a program.
 *
 * @throws ValueError when a field is missing or left over, shapes do not fit, or row counts differ
 */
export function columnsOf(
  where: string,
  data: ArrayData,
  inputs: readonly FieldSpec[],
  targets: readonly FieldSpec[],
): Column[] {
  if (typeof data !== 'object' || data === null || !('x' in data)) {
    throw new ValueError(`${where}: data must be { x, y } or a function that starts a stream of such batches`, 'DATA');
  }
  checkOptions(`${where}: data`, data, ['x', 'y']);
  const columns = [...fieldColumns(where, 'x', data.x, inputs), ...fieldColumns(where, 'y', data.y, targets)];
  const specs = [...inputs, ...targets];
  const rows = columns[0]?.rows ?? 0;
  columns.forEach((column, i) => {
    if (column.rows === rows) return;
    throw new ValueError(
      `${where}: '${specs[0]?.name}' has ${rows} examples and '${specs[i]?.name}' has ${column.rows}; give as many of each`,
      'DATA_ROWS',
    );
  });
  if (rows === 0) throw new ValueError(`${where}: the data is empty; give at least one example`, 'DATA_EMPTY');
  return columns;
}

function fieldColumns(
  where: string,
  key: 'x' | 'y',
  given: ArrayData['x'] | undefined,
  specs: readonly FieldSpec[],
): Column[] {
  const list: DataArray[] = given === undefined ? [] : Array.isArray(given) ? [...given] : [given as DataArray];
  if (list.some((item) => typeof item === 'number')) {
    throw new ValueError(
      `${where}: '${key}' is a list of numbers; give a typed array, as in Float32Array.from(${key}), or a tensor`,
      'DATA_TYPE',
    );
  }
  if (list.length !== specs.length && specs.length > 0) {
    throw new ValueError(
      `${where}: the model takes ${specs.length} array${specs.length === 1 ? '' : 's'} as '${key}', got ${list.length}`,
      'DATA_FIELDS',
    );
  }
  return specs.map((spec, i) => columnOf(where, list[i] as DataArray, spec));
}

function columnOf(where: string, given: DataArray, spec: FieldSpec): Column {
  const perRow = sizeOf(spec.shape);
  const expected = `[examples${spec.shape.map((d) => `, ${d}`).join('')}]`;
  if (given instanceof Tensor) {
    const fits = given.shape.length === spec.shape.length + 1 && spec.shape.every((d, i) => d === given.shape[i + 1]);
    if (!fits) {
      throw new ValueError(
        `${where}: '${spec.name}' has shape [${given.shape.join(', ')}], the model takes ${expected}`,
        'SHAPE_MISMATCH',
      );
    }
    return { values: given.dataSync(), rows: given.shape[0] as number };
  }
  if (numericArrayClass(given) === null) {
    const got: unknown = given;
    const kind = typeof got === 'object' && got !== null ? got.constructor.name : String(got);
    throw new ValueError(
      `${where}: '${spec.name}' must be a tensor or a typed array such as Float32Array, got ${kind}`,
      'DATA_TYPE',
    );
  }
  if (given.length % perRow !== 0) {
    throw new ValueError(
      `${where}: '${spec.name}' has ${given.length} values, which is no multiple of the ${perRow} of one example ${expected}`,
      'SHAPE_MISMATCH',
    );
  }
  return { values: given, rows: given.length / perRow };
}
