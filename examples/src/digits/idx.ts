import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ValueError } from '@convoy/engine';

/** The content of an IDX file: bytes in C order, and the lengths of their axes. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 8;
const AGAIN = 'download or copy it again';

/**
 * Reads a file of the MNIST family, packed by gzip or not.
 *
 * @throws ValueError when it is damaged or is not an IDX file of bytes with that many axes
 */
export async function readIdx(file: string, axes: number): Promise<IdxArray> {
  const bytes = await readFile(file);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return parseIdx(file, packed ? await unpack(file, bytes) : bytes, axes);
}

async function unpack(file: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(
      `${file}: expected a whole gzip file, found ${bytes.length} bytes that do not unpack (${problem}); ${AGAIN}`,
      'IDX',
      { cause },
    );
  }
}

/** Layout: two zero bytes, type, number of axes; the length of each axis, big-endian in 32 bits; the values. */
function parseIdx(file: string, bytes: Uint8Array, axes: number): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 4 * (1 + axes);
  const magic = UNSIGNED_BYTE * 256 + axes;
  if (bytes.length < 4 || view.getUint32(0) !== magic) {
    const found = bytes.length < 4 ? `${bytes.length} bytes` : hex(view.getUint32(0));
    throw new ValueError(
      `${file}: expected the magic number ${hex(magic)} (unsigned bytes, ${axes} ${axes === 1 ? 'axis' : 'axes'}), ` +
        `found ${found}; put the IDX file that this name promises there`,
      'IDX',
    );
  }
  if (bytes.length < header) {
    throw new ValueError(`${file}: expected a header of ${header} bytes, found ${bytes.length} bytes; ${AGAIN}`, 'IDX');
  }
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 * (1 + axis)));
  const size = shape.reduce((a, b) => a * b, 1);
  if (size === 0) {
    throw new ValueError(`${file}: expected at least one value, found axes of ${shape.join(' × ')}; ${AGAIN}`, 'IDX');
  }
  if (bytes.length !== header + size) {
    throw new ValueError(
      `${file}: expected ${header + size} bytes (a header of ${header}, then ${shape.join(' × ')}), ` +
        `found ${bytes.length}; the file is ${bytes.length < header + size ? 'cut short' : 'too long'}: ${AGAIN}`,
      'IDX',
    );
  }
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + header, size) };
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`;
}
