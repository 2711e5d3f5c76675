/** Data sets in the form of MNIST: how their files may look, and what is said of those that are wrong. */
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadDataSet } from '@convoy/examples/digits';
import { describe, expect, test } from 'vitest';
import { folderOf, idxBytes, idxFiles, stripes, type Files } from './make-idx.js';

const SIDE = 5;
const CLASSES = 3;
const files = idxFiles(7, 4, CLASSES, SIDE);

const renamed = (rename: (name: string) => string): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [rename(name), bytes]));

const zipped = (names: Files): Files =>
  Object.fromEntries(Object.entries(names).map(([name, bytes]) => [name, gzipSync(bytes)]));

const ways: Readonly<Record<string, Files>> = {
  'as MNIST names them': files,
  'with a dot in the name': renamed((name) => name.replace('-idx', '.idx')),
  'packed by gzip': zipped(renamed((name) => `${name}.gz`)),
  'with a dot in the name and packed by gzip': zipped(renamed((name) => `${name.replace('-idx', '.idx')}.gz`)),
  'packed by gzip under names that do not say so': zipped(files),
  'unpacked under names that still say gzip': renamed((name) => `${name}.gz`),
};

test.each(Object.entries(ways))('the four files are read %s', async (_, given) => {
  const data = await loadDataSet(await folderOf(given));
  expect(data).toMatchObject({ height: SIDE, width: SIDE, classes: ['0', '1', '2'] });
  for (const [part, count] of [[data.train, 7] as const, [data.test, 4] as const]) {
    const { images, labels } = stripes(count, CLASSES, SIDE);
    expect(Buffer.from(part.images)).toEqual(Buffer.from(images));
    expect(Buffer.from(part.labels)).toEqual(Buffer.from(labels));
  }
});

test('height and width are told apart', async () => {
  const wide = { ...files };
  wide['train-images-idx3-ubyte'] = idxBytes([7, 2, 3], new Uint8Array(42));
  wide['t10k-images-idx3-ubyte'] = idxBytes([4, 2, 3], new Uint8Array(24));
  expect(await loadDataSet(await folderOf(wide))).toMatchObject({ height: 2, width: 3 });
});

describe('the classes', () => {
  const ten = idxFiles(10, 10, 10, SIDE);

  test('are the articles of Fashion-MNIST when the folder is named so', async () => {
    const { classes } = await loadDataSet(await folderOf(ten, 'Fashion-MNIST'));
    expect(classes).toEqual(expect.arrayContaining(['T-shirt/top', 'Ankle boot']));
    expect(classes).toHaveLength(10);
  });

  test('are numbers in any other folder', async () => {
    const { classes } = await loadDataSet(await folderOf(ten));
    expect(classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('are as many as the largest label asks for, in the test part too', async () => {
    const labels = idxBytes([4], Uint8Array.of(0, 1, 5, 2));
    const { classes } = await loadDataSet(await folderOf({ ...files, 't10k-labels-idx1-ubyte': labels }));
    expect(classes).toHaveLength(6);
  });
});

describe('a folder is refused, with the file, what was expected, what was found and a remedy,', () => {
  const images = 'train-images-idx3-ubyte';
  const labels = 'train-labels-idx1-ubyte';

  async function expectRefusal(given: Files, file: string, ...says: readonly string[]): Promise<void> {
    const folder = await folderOf(given);
    const error: unknown = await loadDataSet(folder).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ValueError', code: 'IDX' });
    const { message } = error as Error;
    expect(message.startsWith(`${path.join(folder, file)}: expected `), message).toBe(true);
    for (const part of says) expect(message).toContain(part);
  }

  const changed = (name: string, change: (bytes: Buffer) => Uint8Array): Files => ({
    ...files,
    [name]: change(Buffer.from(files[name])),
  });

  test('when the values of a file are cut short', () =>
    expectRefusal(
      changed(images, (bytes) => bytes.subarray(0, -1)),
      images,
      'expected 191 bytes (a header of 16, then 7 × 5 × 5), found 190',
      'cut short: download or copy it again',
    ));

  test('when a file goes on after its values', () =>
    expectRefusal(
      changed(labels, (bytes) => Buffer.concat([bytes, bytes])),
      labels,
      'expected 15 bytes (a header of 8, then 7), found 30',
      'too long',
    ));

  test('when a file ends within its header', () =>
    expectRefusal(
      changed(images, (bytes) => bytes.subarray(0, 10)),
      images,
      'a header of 16 bytes, found 10 bytes; download',
    ));

  test('when a file is empty', () =>
    expectRefusal(
      changed(images, () => Buffer.alloc(0)),
      images,
      '0x00000803',
      'found 0 bytes',
    ));

  test('when a gzip file is cut short', () =>
    expectRefusal(
      changed(images, (bytes) => gzipSync(bytes).subarray(0, 40)),
      images,
      'a whole gzip file, found 40 bytes',
      'unexpected end of file',
      'download or copy it again',
    ));

  test('when labels stand in place of images', () =>
    expectRefusal(
      { ...files, [images]: files[labels] },
      images,
      'the magic number 0x00000803 (unsigned bytes, 3 axes), found 0x00000801; put the IDX file',
    ));

  test('when values are no unsigned bytes', () =>
    expectRefusal({ ...files, [labels]: idxBytes([7], new Uint8Array(28), 0x0d) }, labels, '0x00000801', '0x00000d01'));

  test('when it is some other file', () =>
    expectRefusal({ ...files, [images]: Buffer.from('<!DOCTYPE html>') }, images, '0x00000803', 'found 0x3c21444f'));

  test('when there is not a single image', () =>
    expectRefusal(
      { ...files, [images]: idxBytes([0, 5, 5], new Uint8Array(0)) },
      images,
      'at least one value, found axes of 0 × 5 × 5',
    ));

  test('when there are more images than labels', () =>
    expectRefusal(
      { ...files, [labels]: idxBytes([6], new Uint8Array(6)) },
      labels,
      'expected 7 labels',
      images,
      'found 6; take both from one data set',
    ));

  test('when test images have another size', () =>
    expectRefusal(
      { ...files, 't10k-images-idx3-ubyte': idxBytes([4, 5, 4], new Uint8Array(80)) },
      't10k-images-idx3-ubyte',
      'images of 5×5',
      'found 5×4; take both from one data set',
    ));

  test('when the labels are missing', () => {
    const others = Object.entries(files).filter(([name]) => name !== labels);
    return expectRefusal(
      Object.fromEntries(others),
      '',
      'expected train-labels-idx1-ubyte or train-labels.idx1-ubyte, with or without .gz',
      'found t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, train-images-idx3-ubyte;',
      'check --data',
    );
  });

  test('when it is empty', () => expectRefusal({}, '', 'found no files', 'check --data'));

  test('when it does not exist', async () => {
    const folder = path.join(await folderOf({}), 'nowhere');
    await expect(loadDataSet(folder)).rejects.toThrow(
      `${folder}: expected a folder of IDX files, found none (ENOENT: no such file or directory`,
    );
  });
});
