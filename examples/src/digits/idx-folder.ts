import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ValueError } from '@convoy/engine';
import { classNames } from './class-names.js';
import type { DataSet, LabelledImages } from './data-set.js';
import { readIdx } from './idx.js';

interface Part extends LabelledImages {
  readonly imagesFile: string;
  readonly height: number;
  readonly width: number;
}

/**
 * Reads a data set in the form of MNIST: a training and a test part (`t10k`), each a file of images and one of labels.
 *
 * @throws ValueError when a file is missing or damaged, or files do not fit each other
 */
export async function readIdxFolder(folder: string): Promise<DataSet> {
  const files = await filesOf(folder);
  const train = await readPart(folder, files, 'train');
  const test = await readPart(folder, files, 't10k');
  if (test.height !== train.height || test.width !== train.width) {
    throw new ValueError(
      `${test.imagesFile}: expected images of ${train.height}×${train.width} as in ${train.imagesFile}, ` +
        `found ${test.height}×${test.width}; take both from one data set`,
      'IDX',
    );
  }
  const largest = [train, test].flatMap(({ labels }) => labels.reduce((a, b) => Math.max(a, b), 0));
  return {
    name: `images of ${folder}`,
    height: train.height,
    width: train.width,
    classes: classNames(folder, Math.max(...largest) + 1),
    train,
    test,
  };
}

async function readPart(folder: string, files: readonly string[], part: string): Promise<Part> {
  const imagesFile = find(folder, files, `${part}-images`, 'idx3-ubyte');
  const labelsFile = find(folder, files, `${part}-labels`, 'idx1-ubyte');
  const images = await readIdx(imagesFile, 3);
  const labels = await readIdx(labelsFile, 1);
  const [count, height, width] = images.shape;
  if (labels.shape[0] !== count) {
    throw new ValueError(
      `${labelsFile}: expected ${count} labels, one for each image of ${imagesFile}, found ${labels.shape[0]}; ` +
        `take both from one data set`,
      'IDX',
    );
  }
  return { imagesFile, height, width, images: images.values, labels: labels.values };
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(`${folder}: expected a folder of IDX files, found none (${problem}); check --data`, 'IDX', {
      cause,
    });
  }
}

/** Both spellings are in use: `train-images-idx3-ubyte` and `train-images.idx3-ubyte`. */
function find(folder: string, files: readonly string[], stem: string, suffix: string): string {
  const names = [`${stem}-${suffix}`, `${stem}.${suffix}`];
  const found = names.flatMap((name) => [name, `${name}.gz`]).find((name) => files.includes(name));
  if (found !== undefined) return path.join(folder, found);
  const others = files.length === 0 ? 'no files' : files.slice(0, 8).join(', ') + (files.length > 8 ? ', …' : '');
  throw new ValueError(
    `${folder}: expected ${names.join(' or ')}, with or without .gz, found ${others}; ` +
      `put the images and labels of 'train' and 't10k' there, or check --data`,
    'IDX',
  );
}
