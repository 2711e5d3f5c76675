import { ValueError } from '../errors.js';
import { sizeOf } from '../define/op/shape.js';

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface Header {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The safetensors format: u64 length of the header (little-endian), the header as JSON padded with spaces to 8
 * bytes, then the values. https://github.com/huggingface/safetensors#format
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, Header | Readonly<Record<string, string>>> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + padded + offset, ' ');
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(bytes, 8);
  let at = 8 + padded;
  for (const { values } of tensors) {
    for (const value of values) at = bytes.writeFloatLE(value, at);
  }
  return bytes;
}

/** @throws ValueError when the file is cut short, is not of this format, or holds another type than F32 */
export function decodeSafetensors(where: string, bytes: Uint8Array): Map<string, NamedTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Number.NaN;
  const start = 8 + headerBytes;
  if (!(start <= bytes.length)) {
    throw new ValueError(`${where}: not a safetensors file, or cut short (${bytes.length} bytes)`, 'FILE');
  }
  const tensors = new Map<string, NamedTensor>();
  for (const [name, entry] of Object.entries(parseHeader(where, bytes.subarray(8, start)))) {
    if (name === '__metadata__') continue;
    const { dtype, shape, from, to } = checkedEntry(where, name, entry);
    const size = sizeOf(shape);
    if (dtype !== 'F32') throw new ValueError(`${where}: tensor '${name}' is ${dtype}; only F32 is read`, 'FILE');
    if (to - from !== 4 * size || start + to > bytes.length) {
      throw new ValueError(
        `${where}: tensor '${name}' [${shape.join(', ')}] needs ${4 * size} bytes at ${start + from}, ` +
          `the file has ${bytes.length} bytes; it is damaged or cut short`,
        'FILE',
      );
    }
    const values = Float32Array.from({ length: size }, (_, i) => view.getFloat32(start + from + 4 * i, true));
    tensors.set(name, { name, shape, values });
  }
  return tensors;
}

function parseHeader(where: string, json: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(json).toString('utf8'));
  } catch (cause) {
    throw new ValueError(`${where}: the header of the file is not JSON; it is damaged`, 'FILE', { cause });
  }
  if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header as Record<string, unknown>;
  throw new ValueError(`${where}: the header of the file names no tensors; it is damaged`, 'FILE');
}

function checkedEntry(where: string, name: string, entry: unknown) {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (typeof entry === 'object' && entry !== null ? entry : {}) as Partial<Header>;
  const isSize = (n: unknown): boolean => typeof n === 'number' && Number.isInteger(n) && n >= 0;
  const [from, to] = Array.isArray(offsets) ? offsets : [];
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !shape.every(isSize) || !isSize(from) || !isSize(to)) {
    throw new ValueError(
      `${where}: the header's entry for tensor '${name}' lacks its dtype, shape or data_offsets; the file is damaged`,
      'FILE',
    );
  }
  return { dtype, shape, from: from as number, to: to as number };
}
