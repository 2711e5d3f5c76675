/** What every peer starts from, in a folder: recipe.json, and raw little-endian numbers beside it. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sizeOf } from '@convoy/engine/kernels';
import { madeImages } from '../nets/made-images.js';
import type { LayerSpec, Net } from '../nets/nets.js';

/** Batches of the data, which are trained on in turn. */
const BATCHES = 4;
const LEARNING_RATE = 0.01;

export interface Recipe {
  readonly net: string;
  readonly batchSize: number;
  readonly batches: number;
  readonly input: readonly number[];
  readonly classes: number;
  readonly layers: readonly LayerSpec[];
  /** Kernels HWIO and [inputs, units], each with a bias of zeros; in weights.f32, one after the other. */
  readonly kernels: readonly (readonly number[])[];
  readonly learningRate: number;
}

/** Writes recipe.json, weights.f32, x.f32 ([batches · batchSize, height, width, channels]) and y.i32 into a new folder in `home`. */
export async function writeRecipe(home: string, name: string, net: Net, batchSize: number): Promise<string> {
  const folder = await mkdtemp(path.join(home, `${name}-`));
  const kernels = kernelsOf(net);
  const { x, y } = madeImages(net, BATCHES * batchSize);
  const { input, classes, layers } = net;
  const data = { batchSize, batches: BATCHES, input, classes };
  const recipe: Recipe = { net: name, ...data, layers, kernels, learningRate: LEARNING_RATE };
  await writeFile(path.join(folder, 'recipe.json'), JSON.stringify(recipe));
  await writeFile(path.join(folder, 'weights.f32'), madeWeights(kernels));
  await writeFile(path.join(folder, 'x.f32'), x);
  await writeFile(path.join(folder, 'y.i32'), y);
  return folder;
}

function kernelsOf({ input, layers }: Net): number[][] {
  let [height, width, channels] = input;
  const kernels: number[][] = [];
  for (const layer of layers) {
    if (layer.kind === 'conv') {
      kernels.push([layer.size, layer.size, channels, layer.filters]);
      const lost = layer.padding === 'same' ? 0 : layer.size - 1;
      [height, width, channels] = [height - lost, width - lost, layer.filters];
    } else if (layer.kind === 'maxPool') [height, width] = [height >> 1, width >> 1];
    else if (layer.kind === 'flatten') [height, width, channels] = [1, 1, height * width * channels];
    else {
      kernels.push([channels, layer.units]);
      channels = layer.units;
    }
  }
  return kernels;
}

/** Uniform, of the variance that keeps relu networks in range (He et al. 2015). */
function madeWeights(kernels: readonly (readonly number[])[]): Float32Array {
  const values: number[] = [];
  let seed = 1;
  for (const shape of kernels) {
    const size = sizeOf(shape);
    const limit = Math.sqrt((6 * (shape.at(-1) ?? 1)) / size);
    for (let i = 0; i < size; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      values.push(limit * (seed / 2 ** 31 - 1));
    }
  }
  return Float32Array.from(values);
}
