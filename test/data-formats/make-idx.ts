/** Folders of small IDX files, as they should be and as they should not. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A file of unsigned bytes, byte for byte as the format says. */
export function idxBytes(shape: readonly number[], values: Uint8Array, type = 8): Buffer {
  const header = Buffer.alloc(4 * (1 + shape.length));
  header.set([0, 0, type, shape.length]);
  shape.forEach((length, axis) => header.writeUInt32BE(length, 4 * (1 + axis)));
  return Buffer.concat([header, values]);
}

/** Stripes whose width is the class; each image has a phase of its own. */
export function stripes(count: number, classes: number, side: number): { images: Uint8Array; labels: Uint8Array } {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  const images = Uint8Array.from({ length: count * side * side }, (_, i) => {
    const image = Math.floor(i / side ** 2);
    const column = (i % side) + Math.floor(image / classes);
    return Math.floor(column / (labels[image] + 1)) % 2 === 0 ? 40 : 220;
  });
  return { images, labels };
}

export type Files = Record<string, Uint8Array>;

/** The four files of a data set. */
export function idxFiles(trainCount: number, testCount: number, classes: number, side: number): Files {
  const [train, test] = [trainCount, testCount].map((count) => stripes(count, classes, side));
  return {
    'train-images-idx3-ubyte': idxBytes([trainCount, side, side], train.images),
    'train-labels-idx1-ubyte': idxBytes([trainCount], train.labels),
    't10k-images-idx3-ubyte': idxBytes([testCount, side, side], test.images),
    't10k-labels-idx1-ubyte': idxBytes([testCount], test.labels),
  };
}

/** A folder that is there until the test ends. */
export async function folderOf(files: Files, prefix = 'idx'): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `${prefix}-`));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes);
  return folder;
}
